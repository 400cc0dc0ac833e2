import HTTPWire
import NIOCore
import NIOHTTP1
import Testing

@Suite struct BodyDecoderTests {
  /// Feeds `pieces` one after another.
  private func decode(
    _ framing: BodyFraming, _ pieces: [String]
  ) throws(HTTPSyntaxError) -> (body: String, rest: String, isDone: Bool) {
    var decoder = BodyDecoder(framing)
    var (body, buffer) = ("", ByteBuffer())
    for piece in pieces {
      buffer.writeString(piece)
      steps: while true {
        switch try decoder.next(&buffer) {
        case .data(let data): body += String(buffer: data)
        case .needsMore, .end: break steps
        }
      }
    }
    return (body, String(buffer: buffer), decoder.isDone)
  }

  @Test func chunksAreReadWhereverTheyAreCut() throws {
    let text = "5\r\nhello\r\nA;ext=1\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nnext"
    for cut in text.indices {
      let result = try decode(.chunked, [String(text[..<cut]), String(text[cut...])])
      #expect(result == ("hello0123456789", "next", true))
    }
  }

  @Test func lengthsAreExact() throws {
    #expect(try decode(.length(5), ["he", "llonext"]) == ("hello", "next", true))
    #expect(try decode(.length(5), ["hell"]) == ("hell", "", false))
    #expect(try decode(.none, ["next"]) == ("", "next", true))
    #expect(try decode(.untilClose, ["a", "b"]) == ("ab", "", false))
  }

  @Test(arguments: ["x\r\n", "+5\r\n", "-5\r\n", "\r\n", "5\nhello", "5\r\nhello!\r\n", "1000000000000000\r\n"])
  func otherChunksAreRefused(_ text: String) {
    #expect(throws: HTTPSyntaxError.self) { try decode(.chunked, [text]) }
  }

  @Test func linesAndTrailersAreBounded() {
    #expect(throws: HTTPSyntaxError.self) { try decode(.chunked, ["5;" + String(repeating: "x", count: 5000)]) }
    let trailers = String(repeating: "A: b\r\n", count: 100)
    #expect(throws: HTTPSyntaxError.self) { try decode(.chunked, ["0\r\n" + trailers]) }
  }

  @Test func errorsStay() throws {
    var decoder = BodyDecoder(.chunked)
    var buffer = ByteBuffer(string: "zz\r\n0\r\n\r\n")
    #expect(throws: HTTPSyntaxError.self) { try decoder.next(&buffer) }
    #expect(throws: HTTPSyntaxError.self) { try decoder.next(&buffer) }
    #expect(!decoder.isDone)
  }

  @Test func framingOfResponses() throws {
    func framing(_ status: Int, _ headers: HTTPHeaders, _ method: HTTPMethod = .GET) throws -> BodyFraming {
      try HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
        .bodyFraming(answering: method)
    }
    #expect(try framing(200, ["Content-Length": "5"]) == .length(5))
    #expect(try framing(200, ["Content-Length": "5"], .HEAD) == BodyFraming.none)
    #expect(try framing(204, [:]) == BodyFraming.none)
    #expect(try framing(200, [:]) == .untilClose)
    #expect(try framing(200, ["Transfer-Encoding": "Chunked"]) == .chunked)
    #expect(throws: HTTPSyntaxError.self) { try framing(200, ["Content-Length": "5", "Transfer-Encoding": "chunked"]) }
  }
}
