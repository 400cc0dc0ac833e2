import HTTPWire
import NIOCore
import NIOHTTP1
import Testing

@Suite struct HeadParserTests {
  static let request = "POST /a?b=c HTTP/1.1\r\nHost: docker\r\nX-Empty:\r\nX-Spaces: \t a b \r\n\r\n"

  @Test func headsAreReadWhereverTheyAreCut() throws {
    let bytes = Array(Self.request.utf8)
    for cut in 0...bytes.count {
      var parser = HeadParser()
      var buffer = ByteBuffer(bytes: bytes[..<cut])
      let early = try parser.request(&buffer)
      #expect((early == nil) == (cut < bytes.count))
      if early != nil { continue }
      buffer.writeBytes(bytes[cut...])
      buffer.writeString("next")
      let head = try #require(try parser.request(&buffer))
      #expect(head.method == .POST)
      #expect(head.uri == "/a?b=c")
      #expect(head.headers.map(\.value) == ["docker", "", "a b"])
      #expect(String(buffer: buffer) == "next")
    }
  }

  @Test func emptyLinesBeforeARequestAreSkipped() throws {
    var parser = HeadParser()
    var buffer = ByteBuffer(string: "\r\n\r\nGET / HTTP/1.0\r\n\r\n")
    #expect(try parser.request(&buffer)?.version == .http1_0)
  }

  @Test(arguments: [
    ("HTTP/1.1 200 OK", 200, "OK"), ("HTTP/1.1 101 UPGRADED", 101, ""), ("HTTP/1.0 404", 404, "Not Found"),
  ])
  func statusLinesAreRead(_ line: String, _ code: Int, _ reason: String) throws {
    var parser = HeadParser()
    var buffer = ByteBuffer(string: line + "\r\nA: b\r\n\r\n")
    let head = try #require(try parser.response(&buffer))
    #expect(head.status.code == UInt(code))
  }

  @Test(arguments: [
    "HTTP/1.1", "HTTP/1.1 2x0 OK", "HTTP/1.1 20 OK", "ICY 200 OK", "HTTP/1.1 -01 OK", "HTTP/1.1 +99 OK",
  ])
  func otherStatusLinesAreRefused(_ text: String) {
    var parser = HeadParser()
    var buffer = ByteBuffer(string: text + "\r\n\r\n")
    #expect(throws: HTTPSyntaxError.self) { try parser.response(&buffer) }
  }

  @Test func headsPastTheLimitAreRefusedWholeOrNot() {
    for ending in ["", "\r\n\r\n"] {
      var parser = HeadParser(limit: 100)
      var buffer = ByteBuffer(string: "GET /" + String(repeating: "a", count: 100) + " HTTP/1.1" + ending)
      #expect(throws: HTTPSyntaxError.headTooLong(limit: 100)) { try parser.request(&buffer) }
    }
  }

  @Test func mutatedHeadsNeverCrash() {
    var random = SystemRandomNumberGenerator()
    let valid = Array(Self.request.utf8)
    for _ in 0..<5_000 {
      var bytes = valid
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      var parser = HeadParser(limit: 1024)
      var buffer = ByteBuffer(bytes: bytes)
      // Read, incomplete or refused: all are answers; a trap would end the test.
      if let head = try? parser.request(&buffer) { #expect(!head.uri.isEmpty) }
    }
  }

  @Test func lineEndsInValuesDoNotReachTheWire() {
    var buffer = ByteBuffer()
    buffer.writeHead(HTTPResponseHead(version: .http1_1, status: .ok, headers: ["A": "b\r\nInjected: x"]))
    #expect(String(buffer: buffer) == "HTTP/1.1 200 OK\r\nA: bInjected: x\r\n\r\n")
  }
}
