public import NIOCore
public import OCIImageSpec

/// Gives a part of a blob that begins at an offset and has at most so many bytes.
public typealias BlobReader = @Sendable (_ offset: Int64, _ count: Int) async throws -> ByteBuffer

/// What ``ImageService`` needs of a repository that it sends an image to. All calls throw ``ImageError/remote(_:_:)`` or
/// `CancellationError`.
public protocol RemoteDestination: Sendable {
  func has(_ digest: Digest) async throws -> Bool
  /// Lets it have a blob that the repository `path` at the same registry has.
  /// - Returns: whether it does now.
  func mount(_ digest: Digest, from path: String) async throws -> Bool
  /// - Parameter told: is given how many bytes have gone.
  func upload(
    _ descriptor: Descriptor, _ reader: @escaping BlobReader, told: @escaping @Sendable (Int64) -> Void
  ) async throws
  func put(_ manifest: [UInt8], as mediaType: String, tag: String) async throws
}

/// What a push is doing, for whoever waits for it.
public enum PushProgress: Equatable, Sendable {
  /// The repository that it goes to.
  case began(Reference)
  /// Something about the layer with this diff ID.
  case layer(Digest, LayerPush)
  /// A tag is there.
  /// - Parameter size: bytes of the manifest.
  case finished(tag: String, digest: Digest, size: Int)
}

/// What becomes of a layer.
public enum LayerPush: Equatable, Sendable {
  case preparing, waiting, isThere, pushed
  case mounted(from: String)
  /// Bytes.
  case pushing(Int64, of: Int64)
}
