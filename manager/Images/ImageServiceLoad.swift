public import NIOCore
internal import NIOPosix
internal import OCIImageSpec

extension ImageService {
  /// Loads the images of an archive: of `docker save`, or an OCI image layout; plain or compressed by gzip; of any length.
  ///
  /// All of its images are there when this returns, on the disk, or none is.
  /// - Parameter progress: is told what happens; called on another thread, must not block.
  /// - Returns: the images, with the names that the archive gave them.
  /// - Throws: ``ImageError``, what `archive` throws, or `CancellationError`.
  @discardableResult
  public func load<Archive: AsyncSequence & Sendable>(
    _ archive: Archive, progress: @escaping @Sendable (LoadProgress) -> Void = { _ in }
  ) async throws -> [ResolvedImage] where Archive.Element == ByteBuffer {
    let spool: Spool
    do { spool = try await Spool.collect(archive, in: folder, on: pool) } catch { throw ImageError.from(error) }
    return try await change {
      let loaded = try await unpack(spool, into: blobs, layers, progress)
      for image in loaded { try await record(image, progress) }
      return loaded
    }
  }

  private func unpack<Blobs: BlobStore, Layers: LayerStore>(
    _ spool: Spool, into blobs: Blobs, _ layers: Layers, _ progress: @escaping @Sendable (LoadProgress) -> Void
  ) async throws -> [ResolvedImage] {
    let loader = ArchiveLoader(
      blobs: blobs, layers: layers, platform: platform, folder: folder, progress: progress)
    return try await pool.runIfActive { try loader.load(spool) }
  }

  private func record(_ loaded: ResolvedImage, _ progress: @Sendable (LoadProgress) -> Void) async throws {
    var image = loaded
    let existing = images[loaded.id]?.record
    for name in loaded.names {
      if let other = ids[name], other != loaded.id { progress(.renaming(name, from: other)) }
    }
    image.record.names = Set(existing?.names ?? []).union(loaded.names).sorted { $0.canonical < $1.canonical }
    image.record.lastTagged = now()
    try await catalog.put(image.record)
    remember(image)
    progress(.loaded(id: image.id, names: loaded.names))
  }
}
