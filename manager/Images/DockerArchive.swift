internal import JSON
internal import OCIImageSpec
internal import Tar

/// The archives of `docker save`: `manifest.json` names the parts of each image. Docker 25 and later put the parts under
/// `blobs/sha256` and an image layout around them; earlier versions had a folder per layer.
struct DockerArchive {
  static let manifestName = "manifest.json"

  /// An image, in what `manifest.json` lists.
  struct Item: JSONMappable {
    var config = ""
    var repoTags: [String]?
    var layers: [String] = []

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.required("Config", &config)
      try json.nullable("RepoTags", &repoTags)
      try json.field("Layers", &layers)
    }
  }

  static func images(in index: ArchiveIndex) throws -> [ArchivedImage] {
    let items: [Item]
    do { items = try [Item](jsonText: index.read(manifestName)) } catch let error as JSONError {
      throw ImageError.invalidArchive(entry: manifestName, reason: error.description)
    }
    guard !items.isEmpty else { throw ImageError.invalidArchive(entry: manifestName, reason: "it names no image") }
    return try items.map { try image($0, in: index) }
  }

  private static func image(_ item: Item, in index: ArchiveIndex) throws -> ArchivedImage {
    let configuration = try index.read(item.config)
    if let expected = digest(inName: item.config) { try expected.verify(configuration, entry: item.config) }
    let names = try (item.repoTags ?? []).map { name in
      do throws(ReferenceError) { return try Reference(name) } catch {
        throw ImageError.invalidArchive(entry: manifestName, reason: error.description)
      }
    }
    let layers = try item.layers.map { name in
      let (source, size) = try index.open(name)
      let type = MediaType(layer: try Compression.of(source))
      let digest = name.hasPrefix("blobs/") ? digest(inName: name) : nil
      return ArchivedImage.Layer(
        entry: name, mediaType: type, descriptor: digest.map { Descriptor(mediaType: type, digest: $0, size: size) })
    }
    let manifest = LayoutArchive.manifest(
      naming: Digest.of(configuration), layers.map(\.descriptor?.digest), in: index)
    return ArchivedImage(
      configuration: configuration, configurationEntry: item.config, layers: layers, names: names, manifest: manifest)
  }

  /// The digest that the last part of a file's name states, or `nil` if it states none.
  private static func digest(inName name: String) -> Digest? {
    let last = name.split(separator: "/").last ?? ""
    // A name is free to be no digest; one that is must be right.
    return try? Digest(encoded: last.hasSuffix(".json") ? last.dropLast(5) : last)
  }
}

extension MediaType {
  /// Of a layer that nobody has described. Docker has no word of its own for zstd.
  init(layer compression: Compression) {
    switch compression {
    case .gzip: self = .dockerLayerGzip
    case .zstd: self = .layerZstd
    case .none, .bzip2, .xz: self = .dockerLayer
    }
  }
}
