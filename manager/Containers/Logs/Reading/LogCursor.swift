internal import LinuxKernel
internal import Tar

/// A place in a log, which goes from file to file.
final class LogCursor {
  private let files: LogFileSet
  private let request: LogRequest
  private var decoder: any LogDecoder
  private var current: OpenLogFile?
  /// Those after the current one, the oldest one first.
  private var pending: [OpenLogFile] = []
  private var hasBegun = false
  /// Whether files went before they were read.
  private var isGap = false
  /// Of a log of one file: when the one before the current one was replaced, until the current one's first record was seen.
  private var replacedAt: Timestamp?
  /// Read already, to come after a remark.
  private var held: LogBatch?
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: PlainLogFile.chunk, alignment: 4096)

  /// Nanoseconds by which the time of a file, which the kernel takes at its clock's ticks, may be wrong.
  private static let tick: Int64 = 20_000_000

  init(_ files: LogFileSet, _ decoder: any LogDecoder, _ request: LogRequest) {
    self.files = files
    self.decoder = decoder
    self.request = request
  }

  deinit { buffer.deallocate() }

  func next() throws -> LogBatch? {
    if let batch = held.take() { return batch }
    try begin()
    var batch = LogBatch(request)
    while let current {
      let count = try read(current, &batch)
      if count > 0 {
        decoder.decode(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: &batch)
        return try checked(batch)
      }
      guard try advance(&batch) else { break }
    }
    return batch.entries.isEmpty ? nil : batch
  }

  /// A file that cannot be uncompressed is left where that is found; the others are still worth reading.
  private func read(_ file: OpenLogFile, _ batch: inout LogBatch) throws -> Int {
    do { return try file.read(into: buffer) } catch let failure as Gunzip.Failure {
      batch.remark("log records were lost here: \(failure)", try file.status.modification)
      return 0
    }
  }

  // MARK: - The beginning

  private func begin() throws {
    guard current == nil else { return }
    pending = try files.open()
    guard !pending.isEmpty else { return }
    if !hasBegun, let tail = request.tail { try keep(last: tail) }
    hasBegun = true
    if let since = request.since {
      // Whatever is in them is older.
      while pending.count > 1, try pending[0].status.modification < since {
        pending.removeFirst()
        decoder.skip(0)
      }
    }
    current = pending.removeFirst()
  }

  /// Leaves out what comes before the last `count` records.
  private func keep(last count: Int) throws {
    var rest = count
    for index in pending.indices.reversed() {
      rest -= try pending[index].seek(toLast: rest, &decoder)
      if rest == 0 { return pending.removeFirst(index) }
    }
  }

  // MARK: - From file to file

  /// - Returns: whether there may be more to read now.
  private func advance(_ batch: inout LogBatch) throws -> Bool {
    guard let file = current else { return false }
    if !pending.isEmpty {
      try enter(pending.removeFirst(), after: file, &batch)
      return true
    }
    guard request.follow else { return false }
    if try file.rewindIfCut() {
      decoder.reset()
      return true
    }
    // What is found is read when nothing more comes of the current one, which may have grown until it was replaced.
    (pending, isGap) = try files.open(after: file)
    return !pending.isEmpty
  }

  private func enter(_ next: OpenLogFile, after file: OpenLogFile, _ batch: inout LogBatch) throws {
    decoder.reset()
    if isGap { batch.remark("log records may be missing here: files went before they were read", .now()) }
    let status = try file.status
    // Without a name since then; a file of several has been renamed, and it is known what comes after it.
    if files.maximumFiles == 1, status.links == 0 {
      replacedAt = Timestamp(nanoseconds: status.changed * 1_000_000_000 + status.changedNanoseconds)
    }
    isGap = false
    current = next
  }

  /// The first record of the file that replaced another one was there when it did, or else there was one in between.
  private func checked(_ batch: LogBatch) throws -> LogBatch {
    guard let replaced = replacedAt, let first = batch.entries.first else { return batch }
    replacedAt = nil
    guard first.time.nanoseconds > replaced.nanoseconds + Self.tick else { return batch }
    var remark = LogBatch(request)
    remark.remark("log records may be missing here: a file went before it was read", first.time)
    held = batch
    return remark
  }
}
