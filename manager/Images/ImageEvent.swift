internal import OCIImageSpec

/// Something that happened to an image, as Docker tells of it.
public struct ImageEvent: Equatable, Sendable {
  public enum Action: String, Sendable {
    case load, save, `import`, pull, push, tag, untag, delete, prune
  }

  public var action: Action
  /// `sha256:…`; empty if it is no one image's.
  public var id: String
  /// Docker's names for what there is to say, and the image's labels.
  public var attributes: [String: String]

  public init(_ action: Action, id: String, attributes: [String: String]) {
    self.action = action
    self.id = id
    self.attributes = attributes
  }
}

extension ResolvedImage {
  /// - Parameter name: of the tag that it is about; the image's identifier if it is about none.
  func event(_ action: ImageEvent.Action, name: Reference? = nil) -> ImageEvent {
    var attributes = configuration.config?.labels ?? [:]
    attributes["name"] = name?.familiar ?? id.description
    return ImageEvent(action, id: id.description, attributes: attributes)
  }
}

extension ImageService {
  /// Tells that a prune has ended.
  /// - Parameter reclaimed: bytes.
  public func pruned(reclaimed: Int64) async {
    await catalog.tell([ImageEvent(.prune, id: "", attributes: ["reclaimed": "\(reclaimed)"])])
  }
}
