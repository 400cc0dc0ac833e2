internal import Glibc
internal import JSON

/// Docker's `json-file` format, one object a line.
package struct JSONFileDecoder: LogDecoder {
  /// Bytes; a longer line is no line of a shim, and is left out.
  static let longestLine = 1 << 20

  /// The start of a line whose end has not come yet.
  private var pending: [UInt8] = []
  /// Whether the line that is being read is too long to be kept.
  private var isSkipping = false
  private var skipped = 0
  private var line = JSONFileLine()

  package init() {}

  package mutating func skip(_ count: Int) { skipped = count }

  package mutating func reset() {
    pending = []
    isSkipping = false
  }

  package mutating func decode(_ bytes: UnsafeRawBufferPointer, into batch: inout LogBatch) {
    var rest = bytes
    while let length = Self.lineLength(rest) {
      take(UnsafeRawBufferPointer(rebasing: rest[..<length]), &batch)
      rest = UnsafeRawBufferPointer(rebasing: rest[(length + 1)...])
    }
    keep(rest)
  }

  package mutating func count(_ bytes: UnsafeRawBufferPointer) -> Int {
    var (rest, count) = (bytes, 0)
    while let length = Self.lineLength(rest) {
      count += 1
      rest = UnsafeRawBufferPointer(rebasing: rest[(length + 1)...])
    }
    return count
  }

  /// Bytes before the next line end.
  private static func lineLength(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard let start = bytes.baseAddress, let end = memchr(start, 0x0A, bytes.count) else { return nil }
    return UnsafeRawPointer(end) - start
  }

  private mutating func take(_ bytes: UnsafeRawBufferPointer, _ batch: inout LogBatch) {
    defer { reset() }
    if skipped > 0 { return skipped -= 1 }
    if isSkipping || pending.count + bytes.count > Self.longestLine { return }
    guard !pending.isEmpty else { return line.read(bytes, into: &batch) }
    pending.append(contentsOf: bytes)
    pending.withUnsafeBytes { line.read($0, into: &batch) }
  }

  private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
    guard !isSkipping, !bytes.isEmpty else { return }
    isSkipping = pending.count + bytes.count > Self.longestLine
    if isSkipping { pending = [] } else { pending.append(contentsOf: bytes) }
  }

  package func position(ofLast count: Int, _ file: any LogFileContent, _ size: Int64) throws -> LogPosition {
    var (found, end) = (0, size)
    var last: Int64?
    while end > 0 {
      let start = max(0, end - Int64(PlainLogFile.chunk))
      let bytes = try file.bytes(start..<end)
      for index in bytes.indices.reversed() where bytes[index] == UInt8(ascii: "\n") {
        // A torn last line is none.
        if last == nil { last = start + Int64(index) + 1 } else { found += 1 }
        if found == count { return LogPosition(offset: start + Int64(index) + 1, found: count) }
      }
      end = start
    }
    return LogPosition(offset: 0, found: last == nil ? 0 : found + 1)
  }
}
