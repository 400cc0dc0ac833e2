internal import Hashing
internal import JSON
package import OCIImageSpec

/// Makes image archives for tests, in all the forms that are about.
package enum ImageArchive {
  package static func digest(_ bytes: [UInt8]) -> Digest { Digest(sha256: SHA256.hash(data: bytes)) }

  /// The configuration of an image with these uncompressed layers.
  package static func configuration(
    _ layers: [[UInt8]], architecture: String = "amd64", command: [String] = ["sh"]
  ) -> ImageConfiguration {
    var configuration = ImageConfiguration()
    configuration.architecture = architecture
    configuration.os = "linux"
    configuration.created = "2026-01-02T03:04:05Z"
    configuration.rootfs.diffIDs = layers.map(digest)
    var defaults = ContainerDefaults()
    defaults.cmd = command
    configuration.config = defaults
    return configuration
  }

  /// As `docker save` wrote until version 24: a folder per layer.
  package static func docker(
    _ layers: [[UInt8]], names: [String] = ["test:latest"], configuration: ImageConfiguration? = nil
  ) -> [UInt8] {
    let text = JSONWriter.bytes(configuration ?? self.configuration(layers))
    let configName = "\(digest(text).encoded).json"
    let layerNames = layers.indices.map { "layer\($0)/layer.tar" }
    var entries = zip(layerNames, layers).map { file($0, $1) }
    entries.append(file(configName, text))
    entries.append(file("manifest.json", manifest(configName, names, layerNames)))
    return TarBuilder.archive(entries)
  }

  /// As `docker save` writes since version 25: the parts under `blobs`, an image layout around them.
  package static func dockerWithLayout(_ layers: [[UInt8]], names: [String] = ["test:latest"]) -> [UInt8] {
    let text = JSONWriter.bytes(configuration(layers))
    let layerNames = layers.map(blobName)
    var entries = zip(layerNames, layers).map { file($0, $1) }
    entries.append(file(blobName(text), text))
    entries.append(file("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)))
    entries.append(file("index.json", Array(#"{"schemaVersion":2,"manifests":[]}"#.utf8)))
    entries.append(file("manifest.json", manifest(blobName(text), names, layerNames)))
    return TarBuilder.archive(entries)
  }

  /// An image layout. `blobs` are the layers as they are stored, of which `layers` is the uncompressed content.
  /// - Parameter nested: puts another index between `index.json` and the manifest, with a manifest for another platform.
  package static func layout(
    _ layers: [[UInt8]], blobs: [[UInt8]]? = nil, name: String? = "docker.io/library/test:latest", nested: Bool = false,
    spoil: (inout [String: [UInt8]]) -> Void = { _ in }
  ) -> [UInt8] {
    var files: [String: [UInt8]] = ["oci-layout": Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)]
    func keep(_ bytes: [UInt8], _ type: MediaType) -> Descriptor {
      files[blobName(bytes)] = bytes
      return Descriptor(mediaType: type, digest: digest(bytes), size: Int64(bytes.count))
    }
    func manifest(_ architecture: String) -> Descriptor {
      var manifest = Manifest()
      let configuration = configuration(layers, architecture: architecture)
      manifest.config = keep(JSONWriter.bytes(configuration), .configuration)
      manifest.layers = (blobs ?? layers).map { keep($0, blobs == nil ? .layer : .layerGzip) }
      var descriptor = keep(JSONWriter.bytes(manifest), .manifest)
      descriptor.platform = nested ? Platform(os: "linux", architecture: architecture) : nil
      return descriptor
    }
    var top = manifest("amd64")
    if nested {
      var index = Index()
      index.manifests = [manifest("s390x"), top]
      top = keep(JSONWriter.bytes(index), .index)
    }
    top.annotations = name.map { [Annotation.containerdImageName: $0] } ?? [:]
    var index = Index()
    index.manifests = [top]
    files["index.json"] = JSONWriter.bytes(index)
    spoil(&files)
    return TarBuilder.archive(files.sorted { $0.key < $1.key }.map { file($0.key, $0.value) })
  }

  package static func blobName(_ bytes: [UInt8]) -> String { "blobs/sha256/\(digest(bytes).encoded)" }

  private static func file(_ name: String, _ content: [UInt8]) -> TarBuilder.Entry {
    var entry = TarBuilder.Entry(name)
    entry.content = content
    return entry
  }

  private static func manifest(_ config: String, _ names: [String], _ layers: [String]) -> [UInt8] {
    var writer = JSONWriter()
    writer.array { writer in
      writer.element()
      writer.object { writer in
        writer.member("Config", config)
        writer.member("RepoTags", names)
        writer.member("Layers", layers)
      }
    }
    return writer.bytes
  }
}
