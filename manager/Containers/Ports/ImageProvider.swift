public import OCIImageSpec

/// An image as a container needs it.
public struct ContainerImage: Equatable, Sendable {
  /// `sha256:…` of its configuration.
  public var id: String
  /// The chain ID of its topmost layer, the key of its snapshot; empty for an image without layers.
  public var chainID: String
  public var configuration: ImageConfiguration

  public init(id: String, chainID: String, configuration: ImageConfiguration) {
    self.id = id
    self.chainID = chainID
    self.configuration = configuration
  }
}

/// Finds images for containers. Implemented on the images domain.
public protocol ImageProvider: Sendable {
  /// Runs `body` with the images that `names`, in any of Docker's forms, mean now, in their order, while nothing of them is removed.
  /// - Throws: ``ContainerError/imageNotFound(_:)``, ``ContainerError/invalid(_:)`` for a malformed name, or what `body` throws.
  func withImages<Result: Sendable>(
    named names: [String], _ body: @Sendable ([ContainerImage]) async throws -> Result
  ) async throws -> Result

  /// The identifiers of `name` and of the images built on it, for the filter `ancestor`; empty if there is none.
  func descendants(of name: String) async throws -> Set<String>

  /// Bytes of every image's files, by identifier.
  func sizes() async -> [String: Int64]

  /// A container of the image, or one that had it mounted, is gone, and with it what it stood on if the image is gone, too.
  func released(_ id: String) async
}
