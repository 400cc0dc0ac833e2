import LinuxKernel
import Testing

@testable import Containers

@Suite struct LogReaderTests {
  static func line(_ text: String, second: Int, stream: String = "stdout", attributes: String = "") -> String {
    "{\"log\":\"\(text)\\n\",\"stream\":\"\(stream)\",\(attributes)\"time\":\"2024-01-02T03:04:0\(second).5Z\"}\n"
  }

  static func time(_ second: Int64) -> Timestamp {
    Timestamp(nanoseconds: (1_704_164_640 + second) * 1_000_000_000 + 500_000_000)
  }

  /// - Parameter contents: of the files, the current one first.
  static func withLog(_ contents: String..., body: (LogFileSet) throws -> Void) throws {
    let folder = "/tmp/proa-log-tests-\(UInt64.random(in: .min ... .max))"
    try Directory.make(folder)
    defer { #expect(throws: Never.self) { try Directory.removeTree(folder) } }
    for (index, content) in contents.enumerated() {
      let path = index == 0 ? "\(folder)/log" : "\(folder)/log.\(index)"
      try AtomicFile.write(Array(content.utf8), to: path, durability: .visible)
    }
    try body(LogFileSet(path: "\(folder)/log", maximumFiles: 5))
  }

  static func reader(
    _ files: LogFileSet, _ decoder: any LogDecoder = JSONFileDecoder(), change: (inout LogRequest) -> Void = { _ in }
  ) -> LogReader {
    var request = LogRequest()
    change(&request)
    return LogReader(files, decoder, request)
  }

  static func texts(_ reader: LogReader) throws -> [String] {
    var texts: [String] = []
    while let batch = try reader.next() { texts += batch.texts }
    return texts
  }

  @Test func readsEntries() throws {
    try Self.withLog(Self.line("a", second: 1) + Self.line("b", second: 2, stream: "stderr")) { files in
      let batch = try #require(try Self.reader(files).next())
      #expect(batch.texts == ["a\n", "b\n"])
      #expect(batch.entries.map(\.stream) == [.stdout, .stderr])
      #expect(batch.entries[0].time.description == "2024-01-02T03:04:01.500000000Z")
    }
  }

  @Test func readsEscapesAndOtherFormsOfJSON() throws {
    let lines = [
      #"{"log":"q\"b\\s\/n\tr\r\u0001\u00e9\u2028é\n","stream":"stdout","time":"2024-01-02T03:04:01Z"}"#,
      #"{ "stream": "stderr", "time": "2024-01-02T03:04:01Z", "log": "other\n" }"#,
      #"{"log":"\ud83d\ude00\n","stream":"stdout","time":"2024-01-02T03:04:01Z"}"#,
      #"{"log":"\n","stream":"stdout","time":"2024-01-02T03:04:01+01:00"}"#,
    ]
    try Self.withLog(lines.joined(separator: "\n") + "\n") { files in
      let texts = try Self.texts(Self.reader(files))
      #expect(texts == ["q\"b\\s/n\tr\r\u{1}é\u{2028}é\n", "other\n", "😀\n", "\n"])
    }
  }

  @Test func readsAttributes() throws {
    let attributes = #""attrs":{"tag":"a}\"b","x":"1"},"#
    try Self.withLog(Self.line("a", second: 1, attributes: attributes) + Self.line("b", second: 1)) { files in
      let batch = try #require(try Self.reader(files).next())
      #expect(batch.entries.map { $0.attributes?.values } == [["tag": "a}\"b", "x": "1"], nil])
    }
  }

  @Test func waitsForTheRestOfATornLine() throws {
    let second = Self.line("b", second: 2)
    try Self.withLog(Self.line("a", second: 1) + second.prefix(10)) { files in
      let reader = Self.reader(files)
      let found1 = try reader.next()?.texts
      #expect(found1 == ["a\n"])
      let found2 = try reader.next()
      #expect(found2 == nil)
      try Self.append(String(second.dropFirst(10)), files.path)
      let found3 = try reader.next()?.texts
      #expect(found3 == ["b\n"])
    }
  }

  static func append(_ text: String, _ path: String) throws {
    try FileDescriptor.open(path, [.writeOnly, .append, .create]).writeAll(Array(text.utf8))
  }

  @Test func leavesOutWhatIsNoEntry() throws {
    let torn =
      "{\"log\":\"torn\n" + "nonsense\n\n" + #"{"log":"x","stream":"stdin","time":"2024-01-02T03:04:01Z"}"# + "\n"
    try Self.withLog(Self.line("a", second: 1) + torn + Self.line("b", second: 2)) { files in
      let found = try Self.texts(Self.reader(files))
      #expect(found == ["a\n", "b\n"])
    }
  }

  @Test(arguments: [0, 1, 2, 3, 1000, 9999])
  func tail(count: Int) throws {
    // Longer than a chunk, so that the end is found over a chunk's edge.
    let all = (0..<6000).map { "line \($0) " + String(repeating: "x", count: $0 % 90) }
    try Self.withLog(all.map { Self.line($0, second: 1) }.joined() + "{\"log\":\"torn") { files in
      let found = try Self.texts(Self.reader(files) { $0.tail = count })
      #expect(found == all.suffix(count).map { "\($0)\n" })
    }
  }

  @Test func aMissingFileMayStillCome() throws {
    let reader = Self.reader(LogFileSet(path: "/nonexistent/log", maximumFiles: 5)) { $0.tail = 3 }
    let found4 = try reader.next()
    #expect(found4 == nil)
  }

  @Test func leavesOutEndlessLines() throws {
    let endless = String(repeating: "x", count: JSONFileDecoder.longestLine + 1)
    try Self.withLog("\(endless)\(endless)\n" + Self.line("b", second: 1)) { files in
      let found = try Self.texts(Self.reader(files))
      #expect(found == ["b\n"])
    }
  }

  @Test func filters() throws {
    let content = Self.line("a", second: 1) + Self.line("b", second: 2, stream: "stderr") + Self.line("c", second: 3)
    try Self.withLog(content) { files in
      func check(_ texts: [String], _ change: (inout LogRequest) -> Void) throws {
        let found = try Self.texts(Self.reader(files, change: change))
        #expect(found == texts)
      }
      try check(["a\n", "b\n", "c\n"]) { _ in }
      try check(["a\n", "c\n"]) { $0.stderr = false }
      try check(["b\n"]) { $0.stdout = false }
      try check(["b\n", "c\n"]) { $0.since = Self.time(2) }
      try check(["c\n"]) { $0.since = Timestamp(nanoseconds: Self.time(2).nanoseconds + 1) }
      try check(["a\n", "b\n"]) { $0.until = Self.time(2) }
      try check(["b\n"]) {
        $0.tail = 2
        $0.until = Self.time(2)
      }
    }
  }
}

extension LogBatch {
  var texts: [String] { entries.map { String(decoding: bytes[$0.text], as: UTF8.self) } }
}
