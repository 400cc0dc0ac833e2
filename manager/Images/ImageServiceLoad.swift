internal import LinuxKernel
public import NIOCore
internal import NIOPosix
public import OCIImageSpec

extension ImageService {
  /// Takes in an archive of any length, to be loaded then. Nothing but a file without a name holds it.
  /// - Throws: ``ImageError``, what `archive` throws, or `CancellationError`.
  public func receive<Archive: AsyncSequence & Sendable>(
    _ archive: Archive
  ) async throws -> Spool where Archive.Element == ByteBuffer {
    do { return try await Spool.collect(archive, in: folder, on: pool) } catch let error as SyscallError {
      throw ImageError.failed("cannot keep the archive: \(error)")
    }
  }

  /// Loads the images of an archive: of `docker save`, or an OCI image layout; plain or compressed by gzip.
  ///
  /// All of its images are there when this returns, on the disk, or none is.
  /// - Parameters:
  ///   - wanted: what its images must be for; if nil, of an image for several machines the one for this is taken.
  ///   - progress: is told what happens; called on another thread, must not block.
  /// - Returns: the images, with the names that the archive gave them.
  /// - Throws: ``ImageError``.
  @discardableResult
  public func load(
    _ archive: Spool, for wanted: Platform? = nil, progress: @escaping @Sendable (LoadProgress) -> Void = { _ in }
  ) async throws -> [ResolvedImage] {
    try await change { service in
      let loaded = try await service.unpack(archive, for: wanted, into: service.blobs, service.layers, progress)
      do {
        for image in loaded { try await service.record(image, progress) }
        for image in loaded where service.images[image.id]?.blobs != image.blobs {
          _ = try await service.removeUnused(service.blobs, service.layers, candidates: image)
        }
      } catch {
        for image in loaded {
          _ = try await service.removeUnused(service.blobs, service.layers, candidates: image)
        }
        throw error
      }
      return loaded
    }
  }

  private func unpack<Blobs: BlobStore, Layers: LayerStore>(
    _ spool: Spool, for wanted: Platform?, into blobs: Blobs, _ layers: Layers,
    _ progress: @escaping @Sendable (LoadProgress) -> Void
  ) async throws -> [ResolvedImage] {
    let loader = ArchiveLoader(
      blobs: blobs, layers: layers, platform: platform, wanted: wanted, folder: folder, progress: progress)
    let additions = Additions()
    do { return try await pool.runIfActive { try loader.load(spool, noting: additions) } } catch {
      await undo(additions, in: blobs, layers)
      throw error
    }
  }

  private func record(_ loaded: ResolvedImage, _ progress: @Sendable (LoadProgress) -> Void) async throws {
    // Of what is here already nothing is kept twice: what came with it goes again.
    var image = images[loaded.id] ?? loaded
    for name in loaded.names {
      if let other = ids[name], other != loaded.id { progress(.renaming(name, from: other)) }
    }
    image.record.names = Set(image.names).union(loaded.names).sorted { $0.canonical < $1.canonical }
    image.record.lastTagged = now()
    try await catalog.put(image.record, telling: [image.event(.load)])
    remember(image)
    progress(.loaded(id: image.id, names: loaded.names))
  }
}
