internal import JSON
internal import OCIImageSpec

/// The manifest that an image leaves this machine with, and the blobs that it names.
struct PushedManifest: Sendable {
  /// Whose words a new manifest is in.
  enum Format: Sendable {
    case docker, oci
  }

  let bytes: [UInt8]
  let manifest: Manifest
  let mediaType: MediaType

  var digest: Digest { .of(bytes) }

  /// The manifest that the image came with, byte for byte.
  /// - Throws: ``ImageError/failed(_:)`` if what is kept of it cannot be read.
  init(kept bytes: [UInt8]) throws {
    self.bytes = bytes
    do { manifest = try Manifest(jsonText: bytes) } catch {
      throw ImageError.failed("a manifest cannot be read: \(error)")
    }
    mediaType = manifest.mediaType ?? .manifest
  }

  /// One for an image that came without, of the blobs that are here.
  /// - Parameters:
  ///   - size: bytes of the configuration.
  ///   - format: what there are no words for in Docker's is said in OCI's all the same.
  init(of image: ResolvedImage, configurationSize size: Int64, in format: Format) {
    let isOCI = format == .oci || image.record.layers.contains { $0.mediaType == .layerZstd }
    mediaType = isOCI ? .manifest : .dockerManifest
    var manifest = Manifest()
    manifest.mediaType = mediaType
    manifest.config = Descriptor(
      mediaType: isOCI ? .configuration : .dockerConfiguration, digest: image.id, size: size)
    manifest.layers = image.record.layers.map { layer in
      Descriptor(mediaType: Self.type(of: layer, isOCI: isOCI), digest: layer.digest, size: layer.size)
    }
    self.manifest = manifest
    bytes = JSONWriter.bytes(manifest)
  }

  private static func type(of layer: Descriptor, isOCI: Bool) -> MediaType {
    switch layer.mediaType {
    case .layerZstd: .layerZstd
    case .layerGzip, .dockerLayerGzip: isOCI ? .layerGzip : .dockerLayerGzip
    default: isOCI ? .layer : .dockerLayer
    }
  }
}

extension PushedManifest {
  /// Whether the manifest is about just this image.
  func describes(_ image: ResolvedImage) -> Bool {
    manifest.layers.count == image.record.layers.count && manifest.config.digest == image.id
  }
}
