internal import JSON
internal import LinuxKernel
internal import OCIImageSpec
internal import Tar

/// Brings the images of one archive into the stores. Everything blocks; nothing is recorded yet when it returns.
struct ArchiveLoader<Blobs: BlobStore, Layers: LayerStore> {
  let blobs: Blobs
  let layers: Layers
  let platform: Platform
  /// What all images must be for, if somebody said so.
  let wanted: Platform?
  let folder: String
  let progress: @Sendable (LoadProgress) -> Void

  /// - Parameter additions: is told what comes into the stores, also before this throws.
  /// - Throws: ``ImageError``.
  func load(_ spool: Spool, noting additions: Additions) throws -> [ResolvedImage] {
    do {
      let index = try ArchiveIndex(spool.uncompressed(in: folder))
      return try images(in: index).map { try add($0, index, additions) }
    } catch { throw ImageError.from(error) }
  }

  private func images(in index: ArchiveIndex) throws -> [ArchivedImage] {
    if index.contains(DockerArchive.manifestName) { return try DockerArchive.images(in: index) }
    if index.contains(LayoutArchive.layoutName) { return try LayoutArchive.images(in: index, for: wanted ?? platform) }
    let names = "\(DockerArchive.manifestName) nor \(LayoutArchive.layoutName)"
    throw ImageError.invalidArchive(entry: "", reason: "neither \(names) is in it: this is no image archive")
  }

  private func add(_ image: ArchivedImage, _ index: ArchiveIndex, _ additions: Additions) throws -> ResolvedImage {
    let configuration: ImageConfiguration
    do {
      configuration = try ImageConfiguration(jsonText: image.configuration)
      try configuration.checkTimes()
    } catch {
      throw ImageError.invalidArchive(entry: image.configurationEntry, reason: error.description)
    }
    try ResolvedImage(record: ImageRecord(id: Digest.of(image.configuration)), configuration: configuration)
      .check(wanted, as: image.names.first?.familiar ?? image.configurationEntry)
    let diffIDs = configuration.rootfs.diffIDs
    guard diffIDs.count == image.layers.count else {
      let reason = "it has \(diffIDs.count) layers, the manifest \(image.layers.count)"
      throw ImageError.invalidArchive(entry: image.configurationEntry, reason: reason)
    }
    var record = ImageRecord(id: Digest.of(image.configuration), names: image.names)
    var parent: Digest?
    for ((layer, diffID), chainID) in zip(zip(image.layers, diffIDs), ChainID.all(diffIDs)) {
      let work = LayerLoad(layer: layer, diffID: diffID, chainID: chainID, parent: parent)
      record.layers.append(try add(work, index, additions))
      record.layerSizes.append(try layers.size(chainID))
      parent = chainID
    }
    try keep(image.configuration, additions)
    record.manifest = try image.manifest.map { try keep($0, additions) }
    return ResolvedImage(record: record, configuration: configuration)
  }

  @discardableResult
  private func keep(_ bytes: [UInt8], _ additions: Additions) throws -> Digest {
    let digest = Digest.of(bytes)
    guard try !blobs.contains(digest) else { return digest }
    let blob = try blobs.ingest()
    try bytes.withUnsafeBytes { try blob.write($0) }
    try blob.finish(expecting: digest)
    additions.add(blob: digest)
    return digest
  }

  private struct LayerLoad {
    var layer: ArchivedImage.Layer
    var diffID: Digest
    var chainID: Digest
    var parent: Digest?
  }

  /// - Returns: what is kept of the layer's blob.
  private func add(_ work: LayerLoad, _ index: ArchiveIndex, _ additions: Additions) throws -> Descriptor {
    let (file, size) = try index.open(work.layer.entry)
    let isUnpacked = try layers.contains(work.chainID)
    let stated = work.layer.descriptor
    if isUnpacked, let stated, try blobs.contains(stated.digest) { return stated }
    let blob = try blobs.ingest()
    defer { blob.abandon() }
    let reported = ReportingSource(file) { progress(.unpacking(layer: work.diffID, current: $0, total: size)) }
    let stream = LayerStream(reported, to: blob, entry: work.layer.entry)
    do { try isUnpacked ? check(stream, work) : unpack(stream, work, additions) } catch {
      throw try cause(of: error, in: stream, work)
    }
    // Whatever follows the end of the compressed stream belongs to the blob too.
    let actual = try stream.verifyBlob(stated?.digest)
    let isNew = try !blobs.contains(actual)
    try blob.finish(expecting: actual)
    if isNew { additions.add(blob: actual) }
    return stated ?? Descriptor(mediaType: work.layer.mediaType, digest: actual, size: size)
  }

  private func check(_ stream: LayerStream, _ work: LayerLoad) throws {
    _ = try stream.content()
    try stream.verifyContent(work.diffID)
  }

  private func unpack(_ stream: LayerStream, _ work: LayerLoad, _ additions: Additions) throws {
    let content = try stream.content()
    let draft = try layers.prepare(work.chainID, parent: work.parent)
    do {
      try LayerUnpacker(layers: layers, directory: layers.directory(of: draft)).unpack(TarReader(content))
      try stream.verifyContent(work.diffID)
      try layers.commit(draft)
    } catch {
      // The first error is the one that says what happened; what stays of the draft is removed at the next start.
      try? layers.discard(draft)
      throw error
    }
    additions.add(layer: work.chainID)
  }

  /// What to report when reading a layer failed: bytes that are not those that were meant explain all else that is wrong with them.
  private func cause(of error: any Error, in stream: LayerStream, _ work: LayerLoad) throws -> any Error {
    let error = ImageError.from(error, layer: work.layer.entry)
    switch error {
    case ImageError.invalidArchive, ImageError.unsupported, ImageError.digestMismatch:
      do { try stream.verifyBlob(work.layer.descriptor?.digest) } catch let mismatch as ImageError { return mismatch }
    default: break
    }
    return error
  }
}
