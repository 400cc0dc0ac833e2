import LinuxKernel
import Testing

@testable import Containers

@Suite struct LogReaderTests {
  private static func line(_ text: String, second: Int, stream: String = "stdout") -> String {
    "{\"log\":\"\(text)\\n\",\"stream\":\"\(stream)\",\"time\":\"2024-01-02T03:04:0\(second).5Z\"}\n"
  }

  private func withLog(_ content: String, _ body: (String) throws -> Void) throws {
    let path = "/tmp/proa-log-tests-\(UInt64.random(in: .min ... .max))"
    try AtomicFile.write(Array(content.utf8), to: path, durability: .visible)
    defer { #expect(throws: Never.self) { try Directory.removeTree(path) } }
    try body(path)
  }

  private func texts(_ path: String, tail: Int? = nil) throws -> [String] {
    var reader = LogReader(path: path, tail: tail)
    var texts: [String] = []
    while true {
      let entries = try reader.next()
      if entries.isEmpty { return texts }
      texts += entries.map(\.text)
    }
  }

  @Test func readsEntries() throws {
    try withLog(Self.line("a", second: 1) + Self.line("b", second: 2, stream: "stderr")) { path in
      var reader = LogReader(path: path, tail: nil)
      let entries = try reader.next()
      #expect(entries.map(\.text) == ["a\n", "b\n"])
      #expect(entries.map(\.stream) == [.stdout, .stderr])
      #expect(entries[0].time.description == "2024-01-02T03:04:01.500000000Z")
    }
  }

  @Test func waitsForTheRestOfATornLine() throws {
    let second = Self.line("b", second: 2)
    try withLog(Self.line("a", second: 1) + second.prefix(10)) { path in
      var reader = LogReader(path: path, tail: nil)
      #expect(try reader.next().map(\.text) == ["a\n"])
      #expect(try reader.next().isEmpty)
      try FileDescriptor.open(path, [.writeOnly, .append]).writeAll(Array(second.dropFirst(10).utf8))
      #expect(try reader.next().map(\.text) == ["b\n"])
    }
  }

  @Test func leavesOutWhatIsNoEntry() throws {
    try withLog(Self.line("a", second: 1) + "{\"log\":\"torn\n" + "nonsense\n\n" + Self.line("b", second: 2)) { path in
      let found = try texts(path)
      #expect(found == ["a\n", "b\n"])
    }
  }

  @Test(arguments: [0, 1, 2, 3, 1000, 9999])
  func tail(count: Int) throws {
    // Longer than a chunk, so that the end is found over a chunk's edge.
    let all = (0..<2000).map { "line \($0) " + String(repeating: "x", count: $0 % 90) }
    try withLog(all.map { Self.line($0, second: 1) }.joined() + "{\"log\":\"torn") { path in
      let found = try texts(path, tail: count)
      #expect(found == all.suffix(count).map { "\($0)\n" })
    }
  }

  @Test func aMissingFileMayStillCome() throws {
    var reader = LogReader(path: "/nonexistent/log", tail: 3)
    #expect(try reader.next().isEmpty)
  }

  @Test func skipsEndlessLines() {
    var cutter = LineCutter()
    let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: LogFile.longestLine / 2 + 1)
    for _ in 0..<3 { #expect(cutter.cut(chunk).isEmpty) }
    #expect(cutter.cut(Array("y\nz\n".utf8)) == [Array("z".utf8)])
  }

  @Test func filters() {
    var request = LogRequest()
    let entry = LogEntry(text: "a", stream: .stderr, time: Timestamp(nanoseconds: 10))
    #expect(request.wants(entry))
    request.stderr = false
    #expect(!request.wants(entry))
    request.stderr = true
    request.since = Timestamp(nanoseconds: 11)
    #expect(!request.wants(entry))
    request.since = Timestamp(nanoseconds: 10)
    request.until = Timestamp(nanoseconds: 10)
    #expect(request.wants(entry))
    request.until = Timestamp(nanoseconds: 9)
    #expect(!request.wants(entry))
  }
}
