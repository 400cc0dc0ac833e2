/// The format of Docker's `local` driver: each record between its length and its length again, four bytes in network order.
package struct LocalDecoder: LogDecoder {
  /// Bytes; a longer record is none.
  static let longestRecord = 1 << 20
  /// What every record begins with: that its stream follows, which has six letters.
  private static let beginning = UInt32(0x0A06)

  /// What has come of a record that is not complete.
  private var pending: [UInt8] = []
  private var skipped = 0

  package init() {}

  package mutating func skip(_ count: Int) { skipped = count }

  package mutating func reset() { pending = [] }

  package mutating func decode(_ bytes: UnsafeRawBufferPointer, into batch: inout LogBatch) {
    each(bytes) { record, skipped in
      if skipped > 0 { return skipped -= 1 }
      LocalRecord.read(record, into: &batch)
    }
  }

  package mutating func count(_ bytes: UnsafeRawBufferPointer) -> Int {
    var count = 0
    each(bytes) { _, _ in count += 1 }
    return count
  }

  private mutating func each(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer, inout Int) -> Void) {
    var skipped = skipped
    let rest: [UInt8]
    if pending.isEmpty {
      rest = Array(bytes[Self.records(bytes) { body($0, &skipped) }...])
    } else {
      pending.append(contentsOf: bytes)
      rest = pending.withUnsafeBytes { all in Array(all[Self.records(all) { body($0, &skipped) }...]) }
    }
    pending = rest
    self.skipped = skipped
  }

  /// - Returns: where the first record begins that is not complete.
  private static func records(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) -> Int {
    var start = 0
    while bytes.count - start >= 8 {
      let length = self.length(bytes, at: start)
      guard length <= longestRecord, self.length(bytes, at: start + 4) >> 16 == Int(beginning) else {
        start += 1
        continue
      }
      guard bytes.count - start >= length + 8 else { return start }
      // After a record that was torn by a crash, the next one begins wherever one fits.
      guard self.length(bytes, at: start + 4 + length) == length else {
        start += 1
        continue
      }
      body(UnsafeRawBufferPointer(rebasing: bytes[(start + 4)..<(start + 4 + length)]))
      start += length + 8
    }
    return start
  }

  private static func length(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
    Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  package func position(ofLast count: Int, _ file: any LogFileContent, _ size: Int64) throws -> LogPosition {
    var (end, found) = (size, 0)
    var window = FileWindow(file)
    while found < count, end > 0 {
      let length = end >= 8 ? Int64(try window.number(at: end - 4)) : .max
      guard length <= Self.longestRecord, length + 8 <= end, Int64(try window.number(at: end - 8 - length)) == length,
        try window.number(at: end - 4 - length) >> 16 == Self.beginning
      else { return try fromTheStart(count, file, size) }
      end -= length + 8
      found += 1
    }
    return LogPosition(offset: end, found: found)
  }

  /// Something is torn: only from the beginning can it be said what the records are.
  private func fromTheStart(_ count: Int, _ file: any LogFileContent, _ size: Int64) throws -> LogPosition {
    var (decoder, all) = (LocalDecoder(), 0)
    for start in stride(from: 0, to: size, by: PlainLogFile.chunk) {
      try file.bytes(start..<min(size, start + Int64(PlainLogFile.chunk))).withUnsafeBytes { all += decoder.count($0) }
    }
    let found = min(count, all)
    return LogPosition(offset: 0, skipped: all - found, found: found)
  }
}

/// A part of a file that is looked at from its end to its beginning.
private struct FileWindow {
  private let file: any LogFileContent
  private var bytes: [UInt8] = []
  private var start: Int64 = 0

  init(_ file: any LogFileContent) { self.file = file }

  /// Four bytes in network order.
  mutating func number(at offset: Int64) throws -> UInt32 {
    if offset < start || offset + 4 > start + Int64(bytes.count) {
      start = max(0, offset + 4 - Int64(PlainLogFile.chunk))
      bytes = try file.bytes(start..<(offset + 4))
    }
    let index = Int(offset - start)
    return bytes[index..<index + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}
