internal import NIOPosix
public import OCIImageSpec

/// What images take on the disk: their layers unpacked, their blobs as they came, and what came of broken pulls.
public struct ImageDiskUsage: Sendable {
  /// Bytes of every layer that is there, by its chain ID.
  public fileprivate(set) var layers: [Digest: Int64] = [:]
  /// Bytes of every blob that is there.
  public fileprivate(set) var blobs: [Digest: Int64] = [:]
  /// Bytes of every blob of which a part is there.
  public fileprivate(set) var parts: [Digest: Int64] = [:]
  /// How many images need a layer, or a blob.
  private var users: (layers: [Digest: Int], blobs: [Digest: Int]) = ([:], [:])

  fileprivate mutating func count(_ images: some Sequence<ResolvedImage>) {
    for image in images {
      for layer in image.chain { users.layers[layer, default: 0] += 1 }
      for blob in Set(image.blobs) { users.blobs[blob, default: 0] += 1 }
    }
  }

  /// Everything, each thing once.
  public var total: Int64 { [layers, blobs, parts].reduce(0) { $1.values.reduce($0, +) } }

  /// What the image needs.
  public func size(of image: ResolvedImage) -> Int64 { sum(image) { _ in true } }

  /// What other images need, too.
  public func shared(by image: ResolvedImage) -> Int64 { sum(image) { $0 > 1 } }

  private func sum(_ image: ResolvedImage, _ counts: (Int) -> Bool) -> Int64 {
    func sum(_ things: [Digest], _ sizes: [Digest: Int64], _ users: [Digest: Int]) -> Int64 {
      things.reduce(0) { counts(users[$1] ?? 0) ? $0 + (sizes[$1] ?? 0) : $0 }
    }
    return sum(image.chain, layers, users.layers) + sum(Array(Set(image.blobs)), blobs, users.blobs)
  }
}

extension ImageService {
  /// Measures the disk; a layer only the first time that somebody asks.
  public func diskUsage() async throws -> ImageDiskUsage {
    var usage = try await measure(blobs, layers, known: layerAllocations)
    layerAllocations = usage.layers
    usage.count(images.values)
    return usage
  }

  /// Bytes of what was there then and is gone now.
  public func freed(since before: ImageDiskUsage) async throws -> Int64 {
    let after = try await measure(blobs, layers, known: before.layers)
    func gone(_ sizes: (ImageDiskUsage) -> [Digest: Int64]) -> Int64 {
      let left = sizes(after)
      return sizes(before).reduce(0) { left[$1.key] == nil ? $0 + $1.value : $0 }
    }
    return gone(\.layers) + gone(\.blobs) + gone(\.parts)
  }

  private func measure<Blobs: BlobStore, Layers: LayerStore>(
    _ blobs: Blobs, _ layers: Layers, known: [Digest: Int64]
  ) async throws -> ImageDiskUsage {
    try await pool.runIfActive {
      var usage = ImageDiskUsage()
      for layer in try layers.list() { usage.layers[layer] = try known[layer] ?? layers.allocated(layer) }
      for blob in try blobs.list() { usage.blobs[blob] = try blobs.allocated(blob) }
      for part in try blobs.parts() { usage.parts[part.digest] = part.allocated }
      return usage
    }
  }
}
