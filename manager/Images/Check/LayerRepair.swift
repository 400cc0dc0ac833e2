internal import NIOPosix
internal import LinuxKernel
internal import OCIImageSpec
internal import Tar

/// One layer of an image, and the blob that it was unpacked from.
struct CheckedLayer: Sendable {
  var chainID: Digest
  var diffID: Digest
  var parent: Digest?
  var blob: Descriptor
  /// Bytes of its files, as they were counted when it was unpacked.
  var size: Int64
}

/// Unpacks layers a second time, beside themselves, and compares.
struct LayerRepair<Blobs: BlobStore, Layers: LayerStore> {
  let blobs: Blobs
  let layers: Layers

  /// What is wrong with the layer, for a person; nil if nothing is. Blocks.
  /// - Parameters:
  ///   - isBlobWhole: whether there is something to compare with; without, the bytes are counted.
  ///   - mayReplace: whether a layer that is wrong is replaced.
  /// - Returns: whether it was replaced, too.
  func check(
    _ layer: CheckedLayer, isBlobWhole: Bool, mayReplace: Bool
  ) throws -> (fault: String, isReplaced: Bool)? {
    let isThere = try layers.contains(layer.chainID)
    guard isBlobWhole else {
      if !isThere { return ("it is missing", false) }
      let size = try layers.countedSize(layer.chainID)
      return size == layer.size ? nil : ("its files have \(size) bytes, there were \(layer.size)", false)
    }
    guard try layer.parent.map(layers.contains) ?? true else { return isThere ? nil : ("it is missing", false) }
    if !isThere, !mayReplace { return ("it is missing", false) }
    // Under a name that no layer has: this one's is taken.
    let draft = try layers.prepare(
      isThere
        ? .of((0..<4).flatMap { _ in withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { Array($0) } })
        : layer.chainID,
      parent: layer.parent)
    do {
      try unpack(layer, into: draft)
      if !isThere {
        try layers.commit(draft)
        return ("it is missing", true)
      }
      let fault = try TreeComparison.difference(
        of: layers.directory(of: layer.chainID), from: layers.finish(draft))
      guard let fault, mayReplace else {
        try layers.discard(draft)
        return fault.map { ($0, false) }
      }
      try layers.replace(layer.chainID, with: draft)
      return (fault, true)
    } catch {
      // The first error is the one that says what happened; what stays of the draft is removed at the next start.
      try? layers.discard(draft)
      throw ImageError.from(error, layer: layer.blob.digest.short)
    }
  }

  private func unpack(_ layer: CheckedLayer, into draft: Layers.Draft) throws {
    let file = SharedFile(try blobs.openArrived(layer.blob.digest))
    let (plain, _) = try Compression.uncompressed(
      FileSource(file, offset: 0, size: .max), entry: layer.blob.digest.short)
    let content = HashingSource(plain)
    try LayerUnpacker(layers: layers, directory: layers.directory(of: draft)).unpack(TarReader(content))
    try content.drain()
    guard content.digest == layer.diffID else {
      throw ImageError.digestMismatch(entry: layer.blob.digest.short, expected: layer.diffID, actual: content.digest)
    }
  }
}
