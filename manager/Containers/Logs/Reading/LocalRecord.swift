/// One record of a `local` log: the message `LogEntry` of Docker's log drivers.
enum LocalRecord {
  private struct Fields {
    var stream: LogEntry.Stream?
    var time: Int64 = 0
    var line = UnsafeRawBufferPointer(start: nil, count: 0)
    var isPartial = false
    var isLastPart = false
  }

  /// Adds the record to `batch`; one that makes no sense is left out.
  static func read(_ record: UnsafeRawBufferPointer, into batch: inout LogBatch) {
    var fields = Fields()
    guard read(record, into: &fields), let stream = fields.stream else { return }
    let start = batch.bytes.count
    batch.bytes.append(contentsOf: fields.line)
    if !fields.isPartial || fields.isLastPart { batch.bytes.append(0x0A) }
    batch.end(from: start, stream, Timestamp(nanoseconds: fields.time))
  }

  private static func read(_ record: UnsafeRawBufferPointer, into fields: inout Fields) -> Bool {
    var reader = MessageReader(record)
    while let (number, value) = reader.field() {
      switch (number, value) {
      case (1, .bytes(let source)): fields.stream = stream(source)
      case (2, .number(let time)): fields.time = Int64(bitPattern: time)
      case (3, .bytes(let line)): fields.line = line
      case (4, .number(let flag)): fields.isPartial = flag != 0
      case (5, .bytes(let part)): fields.isLastPart = isLast(part)
      default: break
      }
    }
    return reader.isAtEnd
  }

  private static func stream(_ source: UnsafeRawBufferPointer) -> LogEntry.Stream? {
    source.elementsEqual("stdout".utf8) ? .stdout : source.elementsEqual("stderr".utf8) ? .stderr : nil
  }

  private static func isLast(_ part: UnsafeRawBufferPointer) -> Bool {
    var reader = MessageReader(part)
    while let (number, value) = reader.field() {
      if case (1, .number(let flag)) = (number, value) { return flag != 0 }
    }
    return false
  }
}

/// Reads the fields of a protocol buffers message.
private struct MessageReader {
  enum Value {
    case number(UInt64)
    case bytes(UnsafeRawBufferPointer)
  }

  private var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  /// Whether everything was read: if not, the next field makes no sense.
  var isAtEnd: Bool { rest.isEmpty }

  mutating func field() -> (UInt64, Value)? {
    let before = rest
    guard !rest.isEmpty, let tag = varint(), let value = value(of: tag & 7) else {
      rest = before
      return nil
    }
    return (tag >> 3, value)
  }

  private mutating func value(of kind: UInt64) -> Value? {
    switch kind {
    case 0: varint().map { .number($0) }
    case 1: take(8).map { .bytes($0) }
    case 2: varint().flatMap { Int(exactly: $0) }.flatMap { take($0) }.map { .bytes($0) }
    case 5: take(4).map { .bytes($0) }
    default: nil
    }
  }

  private mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count <= rest.count else { return nil }
    defer { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
    return UnsafeRawBufferPointer(rebasing: rest[..<count])
  }

  private mutating func varint() -> UInt64? {
    var value = UInt64(0)
    for index in 0..<min(rest.count, 10) {
      value |= UInt64(rest[index] & 0x7F) << UInt64(index * 7)
      guard rest[index] >= 0x80 else {
        rest = UnsafeRawBufferPointer(rebasing: rest[(index + 1)...])
        return value
      }
    }
    return nil
  }
}
