internal import JSON
internal import NIOPosix
public import OCIImageSpec

/// The manifest that an image came with, and what it names.
public struct KeptManifest: Equatable, Sendable {
  public var descriptor: Descriptor
  /// Bytes of the manifest and of all blobs that it names.
  public var contentSize: Int64
}

extension ImageService {
  /// The manifest that the image came with; `nil` if it came without: by a commit, or in `docker save`'s older archives.
  /// - Throws: ``ImageError/failed(_:)`` if it cannot be read.
  public func keptManifest(of image: ResolvedImage) async throws -> KeptManifest? {
    try await keptManifest(of: image, in: blobs)
  }

  private func keptManifest<Blobs: BlobStore>(of image: ResolvedImage, in blobs: Blobs) async throws -> KeptManifest? {
    guard let digest = image.record.manifest else { return nil }
    return try await pool.runIfActive {
      // It may have been removed with its image meanwhile.
      guard try blobs.contains(digest) else { return nil }
      let bytes = try blobs.read(digest, limit: 4 << 20)
      let manifest: Manifest
      do { manifest = try Manifest(jsonText: bytes) } catch {
        throw ImageError.failed("the manifest \(digest) cannot be read: \(error)")
      }
      let descriptor = Descriptor(
        mediaType: manifest.mediaType ?? .manifest, digest: digest, size: Int64(bytes.count))
      // A hostile manifest cannot make it overflow.
      let size = ([descriptor, manifest.config] + manifest.layers).reduce(Int64(0)) {
        $0.addingReportingOverflow($1.size).partialValue
      }
      return KeptManifest(descriptor: descriptor, contentSize: size)
    }
  }
}
