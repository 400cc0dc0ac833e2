import EngineServer
import HTTPWire
import NIOCore
import NIOHTTP1
import Testing

@Suite(.timeLimit(.minutes(1)))
struct HTTPServerTests {
  static let echo = Route(.POST, "/echo") { request in
    .bytes(try await request.body.collect(limit: 1 << 20), contentType: "text/plain")
  }
  static let hello = Route(.GET, "/hello") { _ in .bytes(ByteBuffer(string: "hello"), contentType: "text/plain") }

  @Test func connectionsAreKept() async throws {
    try await TestServer.run([Self.hello]) { server in
      let client = try await server.connect()
      for _ in 0..<3 {
        let answer = try #require(try await client.get("/hello"))
        #expect(answer.status == 200)
        #expect(answer.body == "hello")
      }
      client.close()
    }
  }

  @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
    try await TestServer.run([Self.hello, Self.echo]) { server in
      let client = try await server.connect()
      try await client.send(
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /hello HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nHost: x\r\n\r\n"
      )
      #expect(try await client.answer()?.body == "abc")
      #expect(try await client.answer()?.body == "hello")
      #expect(try await client.answer()?.status == 404)
      client.close()
    }
  }

  @Test func answersCarryDockersHeaders() async throws {
    try await TestServer.run([Self.hello]) { server in
      let client = try await server.connect()
      let headers = try #require(try await client.get("/hello")).headers
      #expect(headers.first(name: "Api-Version") == "1.51")
      #expect(headers.first(name: "Docker-Experimental") == "false")
      #expect(headers.first(name: "Ostype") == "linux")
      #expect(headers.first(name: "Server") == "Test/1.0")
      #expect(headers.first(name: "Date")?.hasSuffix(" GMT") == true)
      client.close()
    }
  }

  @Test func chunkedUploadsArriveWhole() async throws {
    try await TestServer.run([Self.echo]) { server in
      let client = try await server.connect()
      try await client.send(
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n")
      try await client.send(" world\r\n0\r\nTrailer: x\r\n\r\n")
      #expect(try await client.answer()?.body == "hello world")
      client.close()
    }
  }

  @Test func aBodyIsAskedForOnlyWhenItIsRead() async throws {
    try await TestServer.run([Self.echo, Self.hello]) { server in
      let client = try await server.connect()
      try await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
      #expect(try await client.answer()?.status == 100)
      try await client.send("ok")
      #expect(try await client.answer()?.body == "ok")
      client.close()

      let refused = try await server.connect()
      try await refused.send("POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
      let answer = try #require(try await refused.answer())
      #expect(answer.status == 404)
      #expect(answer.headers.first(name: "Connection") == "close")
      refused.close()
    }
  }

  @Test func headAnswersHaveNoBody() async throws {
    let head = Route(.HEAD, "/hello") { _ in .bytes(ByteBuffer(string: "hello"), contentType: "text/plain") }
    try await TestServer.run([Self.hello, head]) { server in
      let client = try await server.connect()
      try await client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try #require(try await client.answer(to: .HEAD))
      #expect(answer.headers.first(name: "Content-Length") == "5")
      #expect(try await client.get("/hello")?.body == "hello")
      client.close()
    }
  }

  @Test func streamsAreChunkedAndTheConnectionIsKept() async throws {
    let count = Route(.GET, "/count") { _ in
      .stream(contentType: "text/plain") { writer in
        for number in 1...3 { try await writer.write(ByteBuffer(string: "\(number)\n")) }
      }
    }
    try await TestServer.run([count]) { server in
      let client = try await server.connect()
      let answer = try #require(try await client.get("/count"))
      #expect(answer.headers.first(name: "Transfer-Encoding") == "chunked")
      #expect(answer.body == "1\n2\n3\n")
      #expect(try await client.get("/count")?.body == "1\n2\n3\n")
      client.close()
    }
  }

  @Test func aFailedStreamIsCutNotEnded() async throws {
    let broken = Route(.GET, "/broken") { _ in
      .stream(contentType: "text/plain") { writer in
        try await writer.write(ByteBuffer(string: "half"))
        throw APIError.internalError("no more")
      }
    }
    try await TestServer.run([broken]) { server in
      let client = try await server.connect()
      await #expect(throws: (any Error).self) { _ = try await client.get("/broken") }
    }
  }

  @Test func oldClientsGetAnAnswerThatEndsWithTheConnection() async throws {
    let one = Route(.GET, "/one") { _ in
      .stream(contentType: "text/plain") { try await $0.write(ByteBuffer(string: "1")) }
    }
    try await TestServer.run([one]) { server in
      let client = try await server.connect()
      try await client.send("GET /one HTTP/1.0\r\n\r\n")
      let head = try #require(try await client.reader.responseHead())
      #expect(head.version == .http1_0)
      #expect(!head.headers.contains(name: "Transfer-Encoding"))
      #expect(try await client.rest() == "1")
      client.close()
    }
  }
}
