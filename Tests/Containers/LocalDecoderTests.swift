import LinuxKernel
import Testing

@testable import Containers

@Suite struct LocalDecoderTests {
  /// A record as Docker writes it.
  static func record(_ text: String, second: Int64 = 1, part: (last: Bool, ordinal: UInt8)? = nil) -> [UInt8] {
    var message: [UInt8] = [0x0A, 6] + Array("stdout".utf8) + [0x10] + varint(UInt64(second) * 1_000_000_000)
    message += [0x1A] + varint(UInt64(text.utf8.count)) + Array(text.utf8)
    if let part {
      let metadata: [UInt8] = (part.last ? [0x08, 1] : []) + [0x12, 2] + Array("id".utf8) + [0x18, part.ordinal]
      message += [0x20, 1, 0x2A, UInt8(metadata.count)] + metadata
    }
    let length = (0..<4).map { UInt8(truncatingIfNeeded: message.count >> (24 - $0 * 8)) }
    return length + message + length
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
  }

  private func withLog(_ bytes: [UInt8], _ body: (LogFileSet) throws -> Void) throws {
    try LogReaderTests.withLog("") { files in
      try AtomicFile.write(bytes, to: files.path, durability: .visible)
      try body(files)
    }
  }

  private func texts(_ files: LogFileSet, tail: Int? = nil) throws -> [String] {
    try LogReaderTests.texts(LogReaderTests.reader(files, LocalDecoder()) { $0.tail = tail })
  }

  @Test func readsRecords() throws {
    try withLog(Self.record("a", second: 5) + Self.record("") + Self.record("c")) { files in
      let batch = try #require(try LogReaderTests.reader(files, LocalDecoder()).next())
      #expect(batch.texts == ["a\n", "\n", "c\n"])
      #expect(batch.entries[0].time == Timestamp(nanoseconds: 5_000_000_000))
      #expect(batch.entries[0].stream == .stdout)
    }
  }

  @Test func joinsPartsOfALine() throws {
    let parts =
      Self.record("a", part: (false, 1)) + Self.record("b", part: (false, 2)) + Self.record("c", part: (true, 3))
    try withLog(parts + Self.record("d")) { files in
      let found = try texts(files)
      #expect(found.joined() == "abc\nd\n")
    }
  }

  @Test(arguments: [0, 1, 2, 1000, 9999])
  func tail(count: Int) throws {
    let all = (0..<8000).map { "line \($0) " + String(repeating: "x", count: $0 % 90) }
    try withLog(all.flatMap { Self.record($0) }) { files in
      let found = try texts(files, tail: count)
      #expect(found == all.suffix(count).map { "\($0)\n" })
    }
  }

  @Test(arguments: [1, 3, 5, 20])
  func tornRecordIsLeftOut(length: Int) throws {
    let torn = Self.record("torn and lost").prefix(length)
    try withLog(Self.record("a") + torn + Self.record("b") + Self.record("c") + torn) { files in
      let found1 = try texts(files)
      #expect(found1 == ["a\n", "b\n", "c\n"])
      let found2 = try texts(files, tail: 2)
      #expect(found2 == ["b\n", "c\n"])
      let found3 = try texts(files, tail: 9)
      #expect(found3 == ["a\n", "b\n", "c\n"])
    }
  }

  /// What a crash of the machine may leave where there was to be a record.
  @Test func zerosAreNoRecords() throws {
    try withLog(Self.record("a") + Self.record("b") + [UInt8](repeating: 0, count: 64)) { files in
      let found = try texts(files, tail: 1)
      #expect(found == ["b\n"])
    }
  }

  @Test func recordMayComeInPieces() throws {
    let record = Self.record("in pieces")
    try withLog(Array(record.prefix(9))) { files in
      let reader = LogReaderTests.reader(files, LocalDecoder())
      let found4 = try LogReaderTests.texts(reader)
      #expect(found4 == [])
      try FileDescriptor.open(files.path, [.writeOnly, .append]).writeAll(Array(record.dropFirst(9)))
      let found5 = try LogReaderTests.texts(reader)
      #expect(found5 == ["in pieces\n"])
    }
  }

  /// Whatever the bytes are, they end in entries or in nothing.
  @Test func nonsenseDoesNoHarm() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      var bytes = (0..<4).flatMap { Self.record("record \($0)") }
      for _ in 0..<5 { bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...3, using: &generator) }
      try withLog(bytes) { files in
        _ = try texts(files)
        _ = try texts(files, tail: 2)
      }
    }
  }
}
