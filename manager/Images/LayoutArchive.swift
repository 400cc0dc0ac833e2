internal import JSON
internal import OCIImageSpec

/// Archives of OCI image layouts (image-spec image-layout.md): `index.json` leads to manifests, perhaps through further indexes.
struct LayoutArchive {
  static let layoutName = "oci-layout"
  static let indexName = "index.json"
  private static let depthLimit = 4

  private let index: ArchiveIndex
  private let platform: Platform

  /// All images of the layout that run on `platform`, one per entry of `index.json`.
  static func images(in index: ArchiveIndex, for platform: Platform) throws -> [ArchivedImage] {
    let _: ImageLayout = try parse(index.read(layoutName), layoutName)
    let top: Index = try parse(index.read(indexName), indexName)
    let archive = LayoutArchive(index: index, platform: platform)
    let images = try top.manifests.compactMap { descriptor in
      try archive.image(descriptor, names: archive.names(descriptor), depth: 0)
    }
    guard !images.isEmpty else {
      throw ImageError.invalidArchive(entry: indexName, reason: "there is no image for \(platform)")
    }
    return images
  }

  /// The text of the manifest that names just these blobs, of an archive that is a layout only besides; `nil` if there is none.
  static func manifest(naming configuration: Digest, _ layers: [Digest?], in index: ArchiveIndex) -> [UInt8]? {
    guard index.contains(indexName) else { return nil }
    // What else the archive says is enough, as it is for Docker: a layout that cannot be read is none.
    guard let top = try? Index(jsonText: index.read(indexName)) else { return nil }
    for descriptor in top.manifests where descriptor.mediaType.isManifest {
      guard let bytes = try? index.read(entry(descriptor.digest)), Digest.of(bytes) == descriptor.digest,
        let manifest = try? Manifest(jsonText: bytes)
      else { continue }
      if manifest.config.digest == configuration, manifest.layers.map(\.digest) == layers { return bytes }
    }
    return nil
  }

  /// - Returns: `nil` if it is no image, or none for this platform.
  private func image(_ descriptor: Descriptor, names: [Reference], depth: Int) throws -> ArchivedImage? {
    if let other = descriptor.platform, !platform.runs(other) { return nil }
    let entry = Self.entry(descriptor.digest)
    let bytes = try blob(descriptor)
    if descriptor.mediaType.isIndex {
      guard depth < Self.depthLimit else {
        throw ImageError.invalidArchive(
          entry: entry, reason: "indexes are nested deeper than \(Self.depthLimit) levels")
      }
      let nested: Index = try Self.parse(bytes, entry)
      for descriptor in nested.manifests {
        if let image = try image(descriptor, names: names, depth: depth + 1) { return image }
      }
      return nil
    }
    guard descriptor.mediaType.isManifest else { return nil }
    return try image(try Self.parse(bytes, entry), bytes, names: names)
  }

  private func image(_ manifest: Manifest, _ bytes: [UInt8], names: [Reference]) throws -> ArchivedImage? {
    // Manifests also describe signatures, charts and whatever else a registry keeps.
    guard manifest.config.mediaType.isConfiguration else { return nil }
    let entry = Self.entry(manifest.config.digest)
    let configuration = try blob(manifest.config)
    let parsed: ImageConfiguration = try Self.parse(configuration, entry)
    guard platform.runs(parsed.platform) else { return nil }
    let layers = try manifest.layers.map { layer in
      let entry = Self.entry(layer.digest)
      try checkSize(layer, try index.open(entry).size)
      return ArchivedImage.Layer(entry: entry, mediaType: layer.mediaType, descriptor: layer)
    }
    return ArchivedImage(
      configuration: configuration, configurationEntry: entry, layers: layers, names: names, manifest: bytes)
  }

  /// The name that the entry of `index.json` states; a tag alone names no image.
  private func names(_ descriptor: Descriptor) throws -> [Reference] {
    let annotations = descriptor.annotations
    guard let name = annotations[Annotation.containerdImageName] ?? annotations[Annotation.referenceName],
      name.contains(where: { ":/@".contains($0) })
    else { return [] }
    do { return [try Reference(name)] } catch {
      throw ImageError.invalidArchive(entry: Self.indexName, reason: error.description)
    }
  }

  private func blob(_ descriptor: Descriptor) throws -> [UInt8] {
    let entry = Self.entry(descriptor.digest)
    let bytes = try index.read(entry)
    try checkSize(descriptor, Int64(bytes.count))
    try descriptor.digest.verify(bytes, entry: entry)
    return bytes
  }

  private func checkSize(_ descriptor: Descriptor, _ actual: Int64) throws {
    guard descriptor.size == actual else {
      let reason = "it has \(actual) bytes, its descriptor says \(descriptor.size)"
      throw ImageError.invalidArchive(entry: Self.entry(descriptor.digest), reason: reason)
    }
  }

  private static func entry(_ digest: Digest) -> String { "blobs/sha256/\(digest.encoded)" }

  private static func parse<Value: JSONConvertible>(_ bytes: [UInt8], _ entry: String) throws -> Value {
    do { return try Value(jsonText: bytes) } catch {
      throw ImageError.invalidArchive(entry: entry, reason: error.description)
    }
  }
}
