internal import LinuxKernel
internal import NIOPosix
internal import OCIImageSpec
internal import Synchronization
internal import Tar

/// Unpacks a layer whose blob has arrived.
struct LayerUnpacking<Blobs: BlobStore, Layers: LayerStore> {
  let descriptor: Descriptor
  let diffID: Digest
  let chainID: Digest
  let parent: Digest?
  let blobs: Blobs
  let layers: Layers
  let pool: NIOThreadPool

  func run(_ tell: @escaping @Sendable (LayerProgress) -> Void) async throws {
    let interruption = Interruption()
    try await withTaskCancellationHandler {
      try await pool.runIfActive {
        do { try unpack(tell, interruption) } catch let error as ImageError {
          throw ImageError.remote(.invalid, "failed to register layer: \(error)")
        }
      }
    } onCancel: {
      interruption.happen()
    }
  }

  private func unpack(_ tell: @escaping (LayerProgress) -> Void, _ interruption: Interruption) throws {
    guard try !layers.contains(chainID) else { return }
    let file = SharedFile(try blobs.openArrived(descriptor.digest))
    var pace = ProgressPace()
    let size = descriptor.size
    let reported = ReportingSource(FileSource(file, offset: 0, size: size)) { position in
      if pace.isDue() || position == size { tell(.unpacking(position, of: size)) }
    }
    let draft = try layers.prepare(chainID, parent: parent)
    do {
      let entry = descriptor.digest.short
      let (plain, _) = try Compression.uncompressed(InterruptibleSource(reported, interruption), entry: entry)
      let content = HashingSource(plain)
      try LayerUnpacker(layers: layers, directory: layers.directory(of: draft)).unpack(TarReader(content))
      try content.drain()
      guard content.digest == diffID else {
        throw ImageError.digestMismatch(entry: entry, expected: diffID, actual: content.digest)
      }
      try commit(draft)
    } catch {
      // The first error is the one that says what happened; what stays of the draft is removed at the next start.
      try? layers.discard(draft)
      throw ImageError.from(error, layer: descriptor.digest.short)
    }
  }

  private func commit(_ draft: Layers.Draft) throws {
    do { try layers.commit(draft) } catch {
      // A load may have been faster.
      guard try layers.contains(chainID) else { throw error }
      try layers.discard(draft)
    }
  }
}

/// Tells a thread that works without looking at tasks that nobody waits for it any more.
private final class Interruption: Sendable {
  private let state = Mutex(false)

  func happen() { state.withLock { $0 = true } }
  var hasHappened: Bool { state.withLock { $0 } }
}

/// Passes bytes on until it is interrupted.
private final class InterruptibleSource: ByteSource {
  private let source: any ByteSource
  private let interruption: Interruption

  init(_ source: any ByteSource, _ interruption: Interruption) {
    self.source = source
    self.interruption = interruption
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if interruption.hasHappened { throw CancellationError() }
    return try source.read(into: buffer)
  }
}
