internal import JSON
internal import OCIImageSpec

/// The manifest that an image is pushed with, and the blobs that it names.
struct PushedManifest: Sendable {
  let bytes: [UInt8]
  let manifest: Manifest
  let mediaType: String

  var digest: Digest { .of(bytes) }

  /// The manifest that the image came with, byte for byte.
  /// - Throws: ``ImageError/failed(_:)`` if what is kept of it cannot be read.
  init(kept bytes: [UInt8]) throws {
    self.bytes = bytes
    do { manifest = try Manifest(jsonText: bytes) } catch {
      throw ImageError.failed("a manifest cannot be read: \(error)")
    }
    mediaType = (manifest.mediaType ?? .manifest).rawValue
  }

  /// One for an image that came without, of the blobs that are here.
  /// - Parameter size: bytes of the configuration.
  init(of image: ResolvedImage, configurationSize size: Int64) {
    var manifest = Manifest()
    manifest.mediaType = .dockerManifest
    manifest.config = Descriptor(mediaType: .dockerConfiguration, digest: image.id, size: size)
    manifest.layers = image.record.layers.map { layer in
      let isCompressed = layer.mediaType == .layerGzip || layer.mediaType == .dockerLayerGzip
      return Descriptor(
        mediaType: isCompressed ? .dockerLayerGzip : .dockerLayer, digest: layer.digest, size: layer.size)
    }
    self.manifest = manifest
    bytes = JSONWriter.bytes(manifest)
    mediaType = MediaType.dockerManifest.rawValue
  }
}
