import JSON
import LinuxKernel
import ShimCore
import Testing

@Suite struct LogTests {
  static let time = WallTime(seconds: 1_704_164_645, nanoseconds: 123_456_789)

  static func record(_ bytes: [UInt8], time: WallTime = time, attributes: [String: String] = [:]) -> String {
    let batch = RecordBatch()
    bytes.withUnsafeBytes {
      batch.add(LogPiece(bytes: $0, endsLine: true, time: time), .stdout, JSONFileFormat(attributes: attributes))
    }
    return String(decoding: batch.bytes, as: UTF8.self)
  }

  @Test func recordIsDockersByteForByte() {
    #expect(
      Self.record(Array("hello".utf8))
        == #"{"log":"hello\n","stream":"stdout","time":"2024-01-02T03:04:05.123456789Z"}"# + "\n")
  }

  @Test func attributesAreSortedAndEscaped() {
    #expect(
      Self.record([0x61], attributes: ["tag": "web", "env": #"a"b"#])
        == #"{"log":"a\n","stream":"stdout","attrs":{"env":"a\"b","tag":"web"},"time":"2024-01-02T03:04:05.123456789Z"}"#
        + "\n")
  }

  /// What is copied eight bytes at a time must be looked at as closely, wherever in them it is.
  @Test(arguments: 0..<20)
  func specialCharactersAreSeenEverywhere(position: Int) {
    for special in [0x00, 0x1F, 0x22, 0x26, 0x3C, 0x3E, 0x5C, 0x80, 0xFF] as [UInt8] {
      var bytes = Array("abcdefghijklmnopqrstuvwxyz".utf8)
      bytes[position] = special
      let text = Self.record(bytes)
      #expect(!text.utf8.contains(special) || special == 0x22 || special == 0x5C, "\(special) at \(position): \(text)")
      #expect(text.contains(String(decoding: bytes[(position + 1)...], as: UTF8.self)))
    }
    for plain in [0x20, 0x21, 0x23, 0x25, 0x27, 0x3B, 0x3D, 0x3F, 0x5B, 0x5D, 0x7F] as [UInt8] {
      var bytes = Array("abcdefghijklmnopqrstuvwxyz".utf8)
      bytes[position] = plain
      #expect(Self.record(bytes).contains(String(decoding: bytes, as: UTF8.self)))
    }
  }

  @Test(arguments: [
    ("plain text", "plain text"),
    (#"a"b\c/d"#, #"a\"b\\c/d"#),
    ("<a href=\"x\">&</a>", #"\u003ca href=\"x\"\u003e\u0026\u003c/a\u003e"#),
    ("tab\tcr\r", #"tab\u0009cr\r"#),
    ("\u{0}\u{1B}[0m\u{7F}", #"\u0000\u001b[0m"# + "\u{7F}"),
    ("Grüße 日本 😀", "Grüße 日本 😀"),
    ("\u{2028}\u{2029}\u{202A}", #"\u2028\u2029"# + "\u{202A}"),
    ("\u{FFFD}", "\u{FFFD}"),
  ])
  func textIsEscapedAsGoDoes(text: String, escaped: String) {
    #expect(Self.record(Array(text.utf8)).hasPrefix(#"{"log":""# + escaped + #"\n","#))
  }

  @Test(
    arguments: [
      ([0xFF], 1), ([0xC3], 1), ([0xC0, 0xAF], 2), ([0xE2, 0x82], 2), ([0xED, 0xA0, 0x80], 3), ([0xF0, 0x9F, 0x98], 3),
      ([0xF4, 0x90, 0x80, 0x80], 4), ([0xF8, 0x88], 2), ([0x80], 1),
    ] as [([UInt8], Int)])
  func everyByteOutsideOfUTF8IsReplaced(bytes: [UInt8], count: Int) {
    let expected = "a" + String(repeating: #"\ufffd"#, count: count) + "b"
    #expect(Self.record([0x61] + bytes + [0x62]).hasPrefix(#"{"log":""# + expected + #"\n","#))
  }

  @Test(arguments: [
    (0, "2024-01-02T03:04:05Z"), (100_000_000, "2024-01-02T03:04:05.1Z"), (1, "2024-01-02T03:04:05.000000001Z"),
    (120_000, "2024-01-02T03:04:05.00012Z"),
  ])
  func timesHaveNoZerosAtTheEnd(nanoseconds: Int64, text: String) {
    let time = WallTime(seconds: 1_704_164_645, nanoseconds: nanoseconds)
    #expect(Self.record([], time: time).hasSuffix(#""time":""# + text + "\"}\n"))
  }

  @Test(arguments: [
    (Int64(0), "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
    (4_102_444_799, "2099-12-31T23:59:59Z"), (1_709_164_800, "2024-02-29T00:00:00Z"),
  ])
  func datesAreGregorian(seconds: Int64, text: String) {
    #expect(Self.record([], time: WallTime(seconds: seconds, nanoseconds: 0)).contains(text))
  }
}

@Suite struct LogLineSplitterTests {
  static func pieces(_ chunks: [[UInt8]], finish: Bool = true) -> [(count: Int, endsLine: Bool, second: Int64)] {
    var splitter = LogLineSplitter()
    var pieces: [(Int, Bool, Int64)] = []
    for (index, chunk) in chunks.enumerated() {
      chunk.withUnsafeBytes {
        splitter.split($0, at: WallTime(seconds: Int64(index), nanoseconds: 0)) {
          pieces.append(($0.bytes.count, $0.endsLine, $0.time.seconds))
        }
      }
    }
    if finish {
      splitter.finish(at: WallTime(seconds: 99, nanoseconds: 0)) {
        pieces.append(($0.bytes.count, $0.endsLine, $0.time.seconds))
      }
    }
    return pieces
  }

  @Test func linesEndAtLineFeedsAcrossChunks() {
    let pieces = Self.pieces(["ab\ncd".utf8, "ef\n\n".utf8, "rest".utf8].map(Array.init))
    #expect(pieces.map(\.count) == [2, 4, 0, 4])
    #expect(pieces.map(\.endsLine) == [true, true, true, false])
  }

  @Test(arguments: [1, 1000, 16_384, 16_385, 100_000])
  func longLinesAreCutAt16KiBWhateverTheChunks(size: Int) {
    let line = [UInt8](repeating: 0x78, count: 40_000) + [0x0A, 0x79]
    let chunks = stride(from: 0, to: line.count, by: size).map { Array(line[$0..<min($0 + size, line.count)]) }
    let pieces = Self.pieces(chunks)
    #expect(pieces.map(\.count) == [16_384, 16_384, 7232, 1])
    #expect(pieces.map(\.endsLine) == [false, false, true, false])
    #expect(Set(pieces.prefix(3).map(\.second)).count == 1)
  }

  @Test func lineOfExactlyTheLimitEndsInAnEmptyPiece() {
    let pieces = Self.pieces([[UInt8](repeating: 0x78, count: 16_384) + [0x0A]])
    #expect(pieces.map(\.count) == [16_384, 0])
    #expect(pieces.map(\.endsLine) == [false, true])
  }

  @Test func nothingIsLeftAfterALineFeed() {
    #expect(Self.pieces([Array("a\n".utf8)]).map(\.count) == [1])
  }

  @Test func piecesOfACutLineAreNumbered() {
    var splitter = LogLineSplitter()
    var parts: [LogPiece.Part?] = []
    let text = "short\n" + String(repeating: "x", count: 40_000) + "\nshort\n" + String(repeating: "y", count: 20_000)
    Array(text.utf8).withUnsafeBytes { splitter.split($0, at: .now) { parts.append($0.part) } }
    splitter.finish(at: .now) { parts.append($0.part) }
    #expect(parts.map { $0?.ordinal } == [nil, 1, 2, 3, nil, 1, 2])
    #expect(parts[1]?.line == parts[3]?.line && parts[1]?.line != parts[5]?.line)
  }
}

@Suite struct LocalFormatTests {
  /// As Docker's own code for the message writes it.
  @Test func recordIsDockersByteForByte() {
    let batch = RecordBatch()
    let time = WallTime(seconds: 1, nanoseconds: 5)
    Array("hi".utf8).withUnsafeBytes {
      batch.add(LogPiece(bytes: $0, endsLine: true, time: time), .stderr, LocalFormat())
    }
    let message: [UInt8] =
      [0x0A, 6] + Array("stderr".utf8) + [0x10, 0x85, 0x94, 0xEB, 0xDC, 0x03] + [0x1A, 2] + Array("hi".utf8)
    #expect(Array(batch.bytes) == [0, 0, 0, 18] + message + [0, 0, 0, 18])
  }

  @Test func partOfALineSaysWhichOne() {
    let batch = RecordBatch()
    let part = LogPiece.Part(line: SIMD4(1, 2, 3, 0xAB), ordinal: 2)
    Array("x".utf8).withUnsafeBytes {
      let time = WallTime(seconds: 0, nanoseconds: 0)
      batch.add(LogPiece(bytes: $0, endsLine: true, time: time, part: part), .stdout, LocalFormat())
    }
    let zeros = String(repeating: "0", count: 14)
    let id = Array("\(zeros)01\(zeros)02\(zeros)03\(zeros)ab".utf8)
    let metadata: [UInt8] = [0x08, 1, 0x12, 64] + id + [0x18, 2]
    let message: [UInt8] =
      [0x0A, 6] + Array("stdout".utf8) + [0x1A, 1, 0x78, 0x20, 1, 0x2A, UInt8(metadata.count)] + metadata
    #expect(Array(batch.bytes.dropFirst(4).dropLast(4)) == message)
  }
}
