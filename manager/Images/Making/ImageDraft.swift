public import OCIImageSpec

/// An image that is to be made of one more layer.
public struct ImageDraft: Sendable {
  /// What the layer stands on; `nil`: nothing.
  public var parent: ResolvedImage?
  /// RFC 3339.
  public var created: String
  /// What it says to its containers.
  public var defaults: ContainerDefaults
  public var author = ""
  public var comment = ""
  /// The command that made the layer.
  public var createdBy = ""
  public var platform: Platform
  /// Its name, taken from another image if one has it.
  public var name: Reference?
  /// Whether the layer comes from an archive, and from no container.
  public var isImport = false

  public init(
    on parent: ResolvedImage?, created: String, saying defaults: ContainerDefaults, for platform: Platform = .current
  ) {
    (self.parent, self.created, self.defaults) = (parent, created, defaults)
    self.platform = parent?.configuration.platform ?? platform
  }

  /// The configuration with one more layer, or none if the layer has nothing.
  func configuration(adding diffID: Digest?) -> ImageConfiguration {
    var configuration = ImageConfiguration()
    configuration.created = created
    configuration.author = author.isEmpty ? nil : author
    configuration.architecture = platform.architecture
    configuration.os = platform.os
    configuration.variant = platform.variant
    configuration.osVersion = platform.osVersion
    configuration.osFeatures = platform.osFeatures
    configuration.config = defaults
    configuration.rootfs.diffIDs = (parent?.configuration.rootfs.diffIDs ?? []) + (diffID.map { [$0] } ?? [])
    var step = History()
    step.created = created
    step.createdBy = createdBy.isEmpty ? nil : createdBy
    step.author = configuration.author
    step.comment = comment.isEmpty ? nil : comment
    step.emptyLayer = diffID == nil
    configuration.history = (parent?.configuration.history ?? []) + [step]
    return configuration
  }
}
