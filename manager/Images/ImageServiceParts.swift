internal import NIOPosix
internal import OCIImageSpec

extension ImageService {
  /// Seconds for which a part of a blob is kept that a pull left: a week.
  public static var partLifetime: Int64 { 7 * 24 * 3600 }

  /// Removes parts whose time is over, once in a while, until the task is cancelled.
  public func run(every interval: Duration = .seconds(3600)) async {
    while !Task.isCancelled {
      do {
        try await removeParts(before: now() / 1_000_000_000 - Self.partLifetime)
        try await Task.sleep(for: interval)
      } catch is CancellationError { return } catch {
        log.error("cannot remove what is left of pulls that were broken off: \(error)")
        // Cancelled: the loop ends.
        try? await Task.sleep(for: interval)
      }
    }
  }

  /// Removes what came of blobs before their pulls broke off, but nothing that a pull is about to go on with.
  /// - Parameter time: seconds since 1970: what was written to since then stays.
  public func removeParts(before time: Int64 = .max) async throws {
    while let sweep { await sweep.value }
    try await removeParts(of: blobs, before: time)
  }

  private func removeParts<Blobs: BlobStore>(of blobs: Blobs, before time: Int64) async throws {
    let kept = Set(pins.keys)
    let removal = Task { [pool] in
      try await pool.runIfActive {
        for part in try blobs.parts() where part.modified < time && !kept.contains(part.digest) {
          try blobs.removePart(part.digest)
        }
      }
    }
    let sweep = Task {
      // Why it failed is for whoever asked.
      _ = await removal.result
      self.sweep = nil
    }
    self.sweep = sweep
    await sweep.value
    try await removal.value
  }
}
