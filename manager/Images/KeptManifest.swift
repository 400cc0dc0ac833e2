internal import JSON
internal import NIOPosix
public import OCIImageSpec

/// The manifest that an image came with, and what it names.
public struct KeptManifest: Equatable, Sendable {
  public var descriptor: Descriptor
  /// Bytes of the manifest and of all blobs that it names.
  public var contentSize: Int64

  /// A hostile manifest may name blobs of any size, negative ones among them.
  init(_ descriptor: Descriptor, naming blobs: [Descriptor]) {
    self.descriptor = descriptor
    contentSize = ([descriptor] + blobs).reduce(0) { sum, blob in
      let (total, isTooMuch) = sum.addingReportingOverflow(max(blob.size, 0))
      return isTooMuch ? .max : total
    }
  }

  /// Bytes of all that, and of the image's files beside it.
  public func size(with image: ResolvedImage) -> Int64 {
    let (total, isTooMuch) = contentSize.addingReportingOverflow(max(image.record.size, 0))
    return isTooMuch ? .max : total
  }
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
      return KeptManifest(descriptor, naming: [manifest.config] + manifest.layers)
    }
  }

  /// The same for lists, which one image must not spoil: why a manifest cannot be read is logged, and it is left out.
  /// - Throws: `CancellationError`.
  public func readableManifest(of image: ResolvedImage) async throws -> KeptManifest? {
    do { return try await keptManifest(of: image) } catch is CancellationError { throw CancellationError() } catch {
      log.warning("the manifest of the image \(image.id) is left out of a list: \(error)")
      return nil
    }
  }
}
