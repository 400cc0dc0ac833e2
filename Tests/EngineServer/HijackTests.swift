import EngineServer
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct HijackTests {
  /// Sends back what it gets in upper case, and a last word when the client has ended.
  static let shout = Route(.POST, "/shout") { request in
    .hijack(contentType: StreamContentType.forStream(terminal: false, version: request.version)) { connection in
      for try await piece in connection.inbound {
        try await connection.write(ByteBuffer(string: String(buffer: piece).uppercased()))
      }
      try await connection.write(ByteBuffer(string: "bye"))
    }
  }

  @Test func upgradeIsAnsweredInDockersWords() async throws {
    try await TestServer.run([Self.shout]) { server in
      let client = try await server.connect()
      try await client.send(
        "POST /shout HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n")
      try await client.send("hello ")
      try await client.send("world")
      try await client.stream.finish()
      #expect(
        try await client.rest()
          == "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n"
          + "Connection: Upgrade\r\nUpgrade: tcp\r\n\r\nHELLO WORLDbye")
    }
  }

  @Test func withoutUpgradeItIsAPlain200() async throws {
    try await TestServer.run([Self.shout]) { server in
      let client = try await server.connect()
      // The raw bytes come with the head, before any answer.
      try await client.send("POST /v1.41/shout HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}early")
      let head = try #require(try await client.reader.responseHead())
      #expect(head.status.code == 200)
      #expect(head.headers.first(name: "Content-Type") == "application/vnd.docker.raw-stream")
      #expect(head.headers.first(name: "Transfer-Encoding") == nil)
      try await client.stream.finish()
      #expect(try await client.rest() == "EARLYbye")
    }
  }

  @Test func theServerMayEndFirstAndStillListen() async throws {
    let (heard, hear) = AsyncStream<String>.makeStream()
    let route = Route(.POST, "/end") { _ in
      .hijack(contentType: StreamContentType.raw) { connection in
        try await connection.write(ByteBuffer(string: "over"))
        try await connection.finish()
        for try await piece in connection.inbound { hear.yield(String(buffer: piece)) }
        hear.finish()
      }
    }
    try await TestServer.run([route]) { server in
      let client = try await server.connect()
      try await client.send("POST /end HTTP/1.1\r\nHost: x\r\n\r\n")
      _ = try await client.reader.responseHead()
      #expect(try await client.rest() == "over")
      try await client.send("still here")
      try await client.stream.finish()
      #expect(await heard.reduce("", +) == "still here")
    }
  }

  @Test func errorsBeforeTheHijackAreAnswers() async throws {
    let route = Route(.POST, "/gone") { _ in throw APIError.notFound("No such container: x") }
    try await TestServer.run([route]) { server in
      let client = try await server.connect()
      try await client.send("POST /gone HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
      let answer = try #require(try await client.answer())
      #expect(answer.status == 404)
      #expect(answer.body == "{\"message\":\"No such container: x\"}\n")
      client.close()
    }
  }

  @Test func disconnectingCancelsTheHandler() async throws {
    let (ended, end) = AsyncStream<Bool>.makeStream()
    let (begun, begin) = AsyncStream<Void>.makeStream()
    let route = Route(.GET, "/wait") { _ in
      begin.finish()
      defer { end.finish() }
      do { try await Task.sleep(for: .seconds(50)) } catch { end.yield(Task.isCancelled) }
      return .empty()
    }
    try await TestServer.run([route]) { server in
      let client = try await server.connect()
      try await client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
      for await _ in begun {}
      client.close()
      #expect(await ended.reduce(into: []) { $0.append($1) } == [true])
    }
  }

  @Test func largeAmountsPassBothWays() async throws {
    try await TestServer.run([Self.shout]) { server in
      let client = try await server.connect()
      try await client.send("POST /shout HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
      _ = try await client.reader.responseHead()
      let (pieces, size) = (200, 32 << 10)
      async let sent: Void = {
        for _ in 0..<pieces { try await client.stream.write(ByteBuffer(repeating: UInt8(ascii: "a"), count: size)) }
        try await client.stream.finish()
      }()
      let answer = try await client.rest()
      try await sent
      #expect(answer.utf8.count == pieces * size + 3)
    }
  }
}
