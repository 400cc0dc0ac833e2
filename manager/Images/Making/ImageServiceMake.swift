internal import JSON
internal import LinuxKernel
public import NIOCore
internal import NIOPosix
internal import OCIImageSpec
internal import Tar

extension ImageService {
  /// The archive that has nothing in it: a layer of it is none.
  private static var emptyLayer: Digest { .of(TarWriter.end) }

  /// Makes an image. It is there, on the disk, when this returns; if it throws, nothing is.
  /// - Parameter layer: a tar archive, plain or compressed.
  /// - Throws: ``ImageError``, or what `layer` throws.
  public func make<Pieces: AsyncSequence & Sendable>(
    _ draft: ImageDraft, of layer: Pieces
  ) async throws -> ResolvedImage where Pieces.Element == ByteBuffer {
    try await make(draft, of: try await receive(layer))
  }

  /// Asks for an archive that an image is to be made of.
  /// - Parameter address: `http` or `https`.
  public func archive(at address: String) async throws -> any RemoteArchive {
    guard let registry else { throw ImageError.failed("this engine has no client for the web") }
    return try await registry.archive(at: address)
  }

  /// The same of an archive that comes from elsewhere.
  /// - Parameter told: is given how many bytes have come; called on any thread, must not block.
  public func make(
    _ draft: ImageDraft, of archive: any RemoteArchive, told: @Sendable (Int64) -> Void
  ) async throws -> ResolvedImage {
    let spool: Spool
    do { spool = try await Spool.collect(archive, in: folder, on: pool, told: told) } catch let error as SyscallError {
      throw ImageError.failed("cannot keep the archive: \(error)")
    }
    return try await make(draft, of: spool)
  }

  private func make(_ draft: ImageDraft, of spool: Spool) async throws -> ResolvedImage {
    try await keeping(draft.parent.map { [$0] } ?? []) {
      if let parent = draft.parent { try checkKept(parent) }
      return try await change { service in try await service.make(draft, of: spool, in: service.blobs, service.layers) }
    }
  }

  private func make<Blobs: BlobStore, Layers: LayerStore>(
    _ draft: ImageDraft, of spool: Spool, in blobs: Blobs, _ layers: Layers
  ) async throws -> ResolvedImage {
    let parent = draft.parent
    let made = try await add(spool, on: parent, to: blobs, layers)
    let configuration = draft.configuration(adding: made?.diffID)
    let text = JSONWriter.bytes(configuration)
    var record = ImageRecord(
      id: .of(text), layers: (parent?.record.layers ?? []) + (made.map { [$0.descriptor] } ?? []),
      layerSizes: (parent?.record.layerSizes ?? []) + (made.map { [$0.size] } ?? []))
    record.parent = images[record.id]?.record.parent ?? parent?.id
    record.names = Set(images[record.id]?.names ?? []).union(draft.name.map { [$0] } ?? [])
      .sorted { $0.canonical < $1.canonical }
    record.lastTagged = draft.name == nil ? 0 : now()
    let image = ResolvedImage(record: record, configuration: configuration)
    do {
      try await pool.runIfActive { try Self.keep(text, in: blobs) }
      try await catalog.put(record, telling: image.events(of: draft))
    } catch {
      _ = try await removeUnused(blobs, layers, candidates: image)
      throw error
    }
    remember(image)
    return image
  }

  private struct Layer {
    var descriptor: Descriptor
    var diffID: Digest
    /// Bytes of its files.
    var size: Int64
  }

  /// Brings the layer into the stores.
  /// - Returns: `nil` if there is nothing in it.
  private func add<Blobs: BlobStore, Layers: LayerStore>(
    _ spool: Spool, on parent: ResolvedImage?, to blobs: Blobs, _ layers: Layers
  ) async throws -> Layer? {
    let additions = Additions()
    do {
      return try await pool.runIfActive { try Self.add(spool, on: parent, to: blobs, layers, noting: additions) }
    } catch {
      await undo(additions, in: blobs, layers)
      throw ImageError.from(error)
    }
  }

  private static func add<Blobs: BlobStore, Layers: LayerStore>(
    _ spool: Spool, on parent: ResolvedImage?, to blobs: Blobs, _ layers: Layers, noting additions: Additions
  ) throws -> Layer? {
    let diffID = try content(of: spool).hashed()
    guard diffID != emptyLayer else { return nil }
    let blob = try blobs.ingest()
    defer { blob.abandon() }
    let copied = CopyingSource(FileSource(spool.file, offset: 0, size: spool.size), to: blob)
    let (plain, compression) = try Compression.uncompressed(copied, entry: "")
    let chainID = ChainID.all((parent?.configuration.rootfs.diffIDs ?? []) + [diffID]).last ?? diffID
    if try !layers.contains(chainID) {
      do {
        try unpack(plain, as: chainID, on: parent?.chainID, in: layers)
        additions.add(layer: chainID)
      } catch {
        // A pull may have been faster.
        guard try layers.contains(chainID) else { throw error }
      }
    }
    try plain.drain()
    try copied.drain()
    let digest = blob.digest
    try blob.finish(expecting: digest)
    let descriptor = Descriptor(mediaType: MediaType(layer: compression), digest: digest, size: spool.size)
    return Layer(descriptor: descriptor, diffID: diffID, size: try layers.size(chainID))
  }

  private static func content(of spool: Spool) throws -> HashingSource {
    let source = FileSource(spool.file, offset: 0, size: spool.size)
    return HashingSource(try Compression.uncompressed(source, entry: "").source)
  }

  private static func unpack<Layers: LayerStore>(
    _ content: any ByteSource, as chainID: Digest, on parent: Digest?, in layers: Layers
  ) throws {
    let draft = try layers.prepare(chainID, parent: parent)
    do {
      try LayerUnpacker(layers: layers, directory: layers.directory(of: draft)).unpack(TarReader(content))
      try layers.commit(draft)
    } catch {
      // The first error is the one that says what happened; what stays of the draft is removed at the next start.
      try? layers.discard(draft)
      throw error
    }
  }

  private static func keep<Blobs: BlobStore>(_ text: [UInt8], in blobs: Blobs) throws {
    guard try !blobs.contains(.of(text)) else { return }
    let blob = try blobs.ingest()
    try text.withUnsafeBytes { try blob.write($0) }
    try blob.finish(expecting: .of(text))
  }
}

extension HashingSource {
  /// The digest of all that there is.
  fileprivate func hashed() throws -> Digest {
    try drain()
    return digest
  }
}

extension ResolvedImage {
  fileprivate func events(of draft: ImageDraft) -> [ImageEvent] {
    let tagged = draft.name.map { [event(.tag, name: $0)] } ?? []
    return draft.isImport ? tagged + [event(.import)] : tagged
  }
}
