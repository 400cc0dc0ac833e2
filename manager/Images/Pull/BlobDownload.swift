internal import NIOCore
internal import NIOPosix
internal import OCIImageSpec
internal import Synchronization

/// Brings one blob from its repository into the store, verified and on the disk, but not named there yet: it goes on
/// where an earlier pull was broken off.
struct BlobDownload<Blobs: BlobStore> {
  let descriptor: Descriptor
  let repository: any RemoteRepository
  let blobs: Blobs
  let pool: NIOThreadPool

  func run(_ tell: @escaping @Sendable (LayerProgress) -> Void) async throws {
    if try await pool.runIfActive({ try blobs.contains(descriptor.digest) }) { return }
    let blob = try await PartialBlob.resume(descriptor.digest, in: blobs, on: pool)
    // Longer than it may be: nothing that could be gone on with.
    if blob.position > descriptor.size { try await blob.restart() }
    let start = blob.position
    if try await fetch(blob, tell) { return }
    guard start > 0 else { throw mismatch }
    // What an earlier pull left may be to blame, for example after a power cut.
    let again = try await PartialBlob.resume(descriptor.digest, in: blobs, on: pool)
    guard try await fetch(again, tell) else { throw mismatch }
  }

  /// - Returns: whether it is what it must be; if not, nothing is left of it.
  private func fetch(_ blob: PartialBlob, _ tell: @escaping @Sendable (LayerProgress) -> Void) async throws -> Bool {
    let pace = Mutex(ProgressPace())
    let size = descriptor.size
    do {
      try await receive(blob) { position in
        if pace.withLock({ $0.isDue() }) { tell(.downloading(position, of: size)) }
      }
    } catch {
      // The first error is the one that says what happened; what could not be written is fetched again.
      try? await blob.flush()
      throw error
    }
    tell(.verifying)
    return try await blob.seal(descriptor)
  }

  private func receive(_ blob: PartialBlob, _ told: @escaping @Sendable (Int64) -> Void) async throws {
    guard blob.position < descriptor.size || descriptor.size == 0 else { return }
    try await repository.blob(
      descriptor, from: blob.position, restart: { try await blob.restart() },
      write: { piece in
        try await blob.write(piece)
        told(blob.position)
      })
  }

  private var mismatch: ImageError {
    .remote(.invalid, "filesystem layer verification failed for digest \(descriptor.digest)")
  }
}
