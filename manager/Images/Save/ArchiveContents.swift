internal import JSON
internal import OCIImageSpec

/// The files of an archive of images: an OCI image layout (image-spec image-layout.md) that is an archive of `docker save`,
/// too. Blobs are as they are kept here, compressed or not. The same images make the same archive.
struct ArchiveContents: Sendable {
  /// An image, and the manifest that names its blobs.
  struct Image: Sendable {
    var item: ImageSelection.Item
    var manifest: PushedManifest

    /// What `index.json` says of it.
    fileprivate var descriptor: Descriptor {
      var descriptor = Descriptor(
        mediaType: manifest.mediaType, digest: manifest.digest, size: Int64(manifest.bytes.count))
      descriptor.platform = item.image.configuration.platform
      return descriptor
    }
  }

  enum File: Sendable {
    case text([UInt8])
    /// A blob of the store.
    case blob(Digest)
  }

  /// By name, sorted.
  let files: [(name: String, file: File)]
  /// In the order of their names; what is in them comes after them.
  static let folders = ["blobs/", "blobs/sha256/"]

  init(_ images: [Image]) {
    var files: [String: File] = [:]
    for image in images {
      files[Self.name(image.manifest.digest)] = .text(image.manifest.bytes)
      for digest in [image.item.image.id] + image.manifest.manifest.layers.map(\.digest) {
        files[Self.name(digest)] = .blob(digest)
      }
    }
    files[LayoutArchive.layoutName] = .text(JSONWriter.bytes(ImageLayout()))
    files[LayoutArchive.indexName] = .text(JSONWriter.bytes(Self.index(images)))
    files[DockerArchive.manifestName] = .text(JSONWriter.bytes(images.map(Self.item)))
    let repositories = Self.repositories(images)
    if !repositories.members.isEmpty { files["repositories"] = .text(JSONWriter.bytes(JSONValue.object(repositories))) }
    self.files = files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func name(_ digest: Digest) -> String { "blobs/sha256/\(digest.encoded)" }

  private static func index(_ images: [Image]) -> Index {
    var index = Index()
    index.mediaType = .index
    index.manifests = images.flatMap { image in
      let named = image.item.names.map { name in
        var descriptor = image.descriptor
        descriptor.annotations = [
          Annotation.containerdImageName: name.canonical, Annotation.referenceName: name.tag ?? "",
        ]
        return descriptor
      }
      return named.isEmpty ? [image.descriptor] : named
    }
    return index
  }

  private static func item(_ image: Image) -> DockerArchive.Item {
    var item = DockerArchive.Item()
    item.config = name(image.item.image.id)
    item.repoTags = image.item.names.isEmpty ? nil : image.item.names.map(\.familiar)
    item.layers = image.manifest.manifest.layers.map { name($0.digest) }
    return item
  }

  /// What Docker before 1.10 looked for: the topmost layer of each tag.
  private static func repositories(_ images: [Image]) -> JSONObject {
    var tags: [String: [(String, String)]] = [:]
    for image in images {
      guard let top = image.manifest.manifest.layers.last else { continue }
      for name in image.item.names {
        tags[name.familiarRepository, default: []].append((name.tag ?? "", top.digest.encoded))
      }
    }
    var repositories = JSONObject()
    for (repository, tags) in tags.sorted(by: { $0.key < $1.key }) {
      var object = JSONObject()
      for (tag, layer) in tags.sorted(by: { $0.0 < $1.0 }) { object.append(tag, .string(layer)) }
      repositories.append(repository, .object(object))
    }
    return repositories
  }
}
