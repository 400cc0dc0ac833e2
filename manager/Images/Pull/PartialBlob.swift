internal import NIOCore
internal import NIOPosix
internal import OCIImageSpec

/// A blob on its way from a registry into the store. What has come is kept when the way ends early.
///
/// For one caller at a time, who waits for each call: that is what makes it safe to be passed to the threads that write.
final class PartialBlob: @unchecked Sendable {
  /// A hop to another thread costs as much as writing a few kilobytes.
  private static let batch = 512 << 10

  private let ingest: any BlobIngest
  private let pool: NIOThreadPool
  private var pending = ByteBuffer()

  private init(_ ingest: any BlobIngest, _ pool: NIOThreadPool) {
    self.ingest = ingest
    self.pool = pool
  }

  static func resume<Blobs: BlobStore>(
    _ digest: Digest, in blobs: Blobs, on pool: NIOThreadPool
  ) async throws -> PartialBlob {
    try await pool.runIfActive { PartialBlob(try blobs.resume(digest), pool) }
  }

  /// Bytes that have come.
  var position: Int64 { ingest.size + Int64(pending.readableBytes) }

  func write(_ piece: ByteBuffer) async throws {
    pending.writeImmutableBuffer(piece)
    if pending.readableBytes >= Self.batch { try await flush() }
  }

  func flush() async throws {
    guard pending.readableBytes > 0 else { return }
    let bytes = pending
    pending = ByteBuffer()
    try await pool.runIfActive { try bytes.withUnsafeReadableBytes { try self.ingest.write($0) } }
  }

  func restart() async throws {
    pending.clear()
    try await pool.runIfActive { try self.ingest.restart() }
  }

  /// - Returns: whether it has the digest; if not, nothing is left of it.
  func seal(_ descriptor: Descriptor) async throws -> Bool {
    try await flush()
    return try await pool.runIfActive {
      guard self.ingest.digest == descriptor.digest, self.ingest.size == descriptor.size else {
        self.ingest.abandon()
        return false
      }
      try self.ingest.seal(expecting: descriptor.digest, size: descriptor.size)
      return true
    }
  }
}
