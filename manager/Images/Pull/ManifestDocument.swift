internal import JSON
internal import OCIImageSpec

/// A manifest or an index out of a registry: what it is, once that is beyond doubt.
enum ManifestDocument {
  case index(Index)
  case manifest(Manifest)

  /// Layers that only their makers may hand out, and that are somewhere else.
  private static let foreign: Set<String> = [
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "application/vnd.docker.image.rootfs.foreign.diff.tar",
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
  ]
  private static let layers: Set<MediaType> = [
    .layer, .layerGzip, .layerZstd, .dockerLayer, .dockerLayerGzip,
  ]
  private static let firstSchema = [
    "application/vnd.docker.distribution.manifest.v1+json", "application/vnd.docker.distribution.manifest.v1+prettyjws",
  ]
  private static let layerLimit = 1000

  /// What a document has, whatever it says that it is.
  private struct Outline: JSONMappable {
    var schemaVersion: Int64?
    var mediaType: String?
    var config: JSONValue?
    var layers: JSONValue?
    var manifests: JSONValue?

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.optional("schemaVersion", &schemaVersion)
      try json.optional("mediaType", &mediaType)
      try json.optional("config", &config)
      try json.optional("layers", &layers)
      try json.optional("manifests", &manifests)
    }
  }

  /// - Throws: ``ImageError/remote(_:_:)`` for anything else, and for what could be read as two different things
  ///   (CVE-2021-41190).
  init(_ remote: RemoteManifest) throws {
    do {
      let outline = try Outline(jsonText: remote.bytes)
      let type = try Self.type(outline, remote)
      if type.isIndex {
        guard outline.config == nil, outline.layers == nil else { throw Self.confused(remote) }
        self = .index(try Index(jsonText: remote.bytes))
      } else {
        guard outline.manifests == nil else { throw Self.confused(remote) }
        let manifest = try Manifest(jsonText: remote.bytes)
        try Self.check(manifest, remote)
        self = .manifest(manifest)
      }
    } catch let error as JSONError {
      throw ImageError.remote(.invalid, "manifest \(remote.digest): \(error)")
    }
  }

  private static func type(_ outline: Outline, _ remote: RemoteManifest) throws -> MediaType {
    if firstSchema.contains(remote.mediaType) || outline.schemaVersion == 1 {
      throw ImageError.remote(
        .invalid,
        "manifest version 2, schema 1 is not supported: ask the image's author for one in the OCI format, or in Docker's schema 2"
      )
    }
    // A server that does not know the type says so with one of these.
    let isStated = !["", "application/json", "application/octet-stream", "text/plain"].contains(remote.mediaType)
    if let inside = outline.mediaType, isStated, inside != remote.mediaType { throw confused(remote) }
    let type = MediaType(rawValue: outline.mediaType ?? (isStated ? remote.mediaType : guess(outline).rawValue))
    guard type.isIndex || type.isManifest else {
      throw ImageError.remote(.invalid, "unsupported manifest media type \(type.rawValue.prefix(160))")
    }
    return type
  }

  private static func guess(_ outline: Outline) -> MediaType { outline.manifests == nil ? .manifest : .index }

  private static func confused(_ remote: RemoteManifest) -> ImageError {
    .remote(.invalid, "manifest \(remote.digest) is ambiguous: it can be read as a manifest and as an index")
  }

  private static func check(_ manifest: Manifest, _ remote: RemoteManifest) throws {
    guard manifest.config.mediaType.isConfiguration else {
      let type = manifest.config.mediaType.rawValue.prefix(160)
      throw ImageError.remote(.invalid, "unsupported media type \(type): this is no image of a container")
    }
    guard manifest.layers.count <= layerLimit else {
      throw ImageError.remote(.invalid, "manifest \(remote.digest) has more than \(layerLimit) layers")
    }
    for layer in manifest.layers {
      guard !foreign.contains(layer.mediaType.rawValue) else {
        throw ImageError.remote(.invalid, "foreign layers are not supported: \(layer.digest) would come from elsewhere")
      }
      guard layers.contains(layer.mediaType) else {
        throw ImageError.remote(
          .invalid, "layer \(layer.digest): unsupported media type \(layer.mediaType.rawValue.prefix(160))")
      }
    }
  }
}
