import EngineServer
import NIOCore
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct BackpressureTests {
  @Test func anUploadThatIsNotReadWaitsAtTheClient() async throws {
    let (released, release) = AsyncStream<Void>.makeStream()
    let sum = Route(.POST, "/sum") { request in
      for await _ in released {}
      var size = 0
      for try await piece in request.body { size += piece.readableBytes }
      return .bytes(ByteBuffer(string: "\(size)"), contentType: "text/plain")
    }
    try await TestServer.run([sum]) { server in
      let client = try await server.connect()
      let (pieces, size) = (64, 1 << 20)
      try await client.send("POST /sum HTTP/1.1\r\nHost: x\r\nContent-Length: \(pieces * size)\r\n\r\n")
      let written = Counter()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for _ in 0..<pieces {
            try await client.stream.write(ByteBuffer(repeating: 1, count: size))
            written.value.add(1, ordering: .relaxed)
          }
        }
        #expect(try await written.rest(on: server) < 4)
        release.finish()
        try await group.waitForAll()
      }
      #expect(try await client.answer()?.body == "\(pieces * size)")
      client.close()
    }
  }

  @Test func aReaderThatStopsMakesTheHandlerWait() async throws {
    let pieces = 64
    let count = Counter()
    let flood = Route(.GET, "/flood") { _ in
      .stream(contentType: "application/octet-stream") { writer in
        for _ in 0..<pieces {
          try await writer.write(ByteBuffer(repeating: 1, count: 1 << 20))
          count.value.add(1, ordering: .relaxed)
        }
      }
    }
    try await TestServer.run([flood]) { server in
      let client = try await server.connect()
      try await client.send("GET /flood HTTP/1.1\r\nHost: x\r\n\r\n")
      _ = try await client.reader.responseHead()
      #expect(try await count.rest(on: server) < 4)
      client.reader.beginBody(.chunked)
      var size = 0
      while let piece = try await client.reader.bodyPiece() { size += piece.readableBytes }
      #expect(size == pieces << 20)
      client.close()
    }
  }

  private final class Counter: Sendable {
    let value = Atomic(0)

    /// What it is when a hundred requests to the server have come back and it has not grown meanwhile: who could have gone
    /// on had the turns to.
    func rest(on server: TestServer) async throws -> Int {
      let other = try await server.connect()
      defer { other.close() }
      var last: Int
      repeat {
        last = value.load(ordering: .relaxed)
        for _ in 0..<100 {
          try await other.send("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
          #expect(try await other.answer()?.status == 404)
        }
      } while value.load(ordering: .relaxed) != last
      return last
    }
  }

  @Test func halfClosedClientsGetTheirAnswer() async throws {
    try await TestServer.run([HTTPServerTests.echo]) { server in
      let client = try await server.connect()
      try await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok")
      try await client.stream.finish()
      #expect(try await client.answer()?.body == "ok")
      #expect(try await client.answer() == nil)
    }
  }

  @Test func aBodyThatIsCutIsNoBody() async throws {
    try await TestServer.run([HTTPServerTests.echo]) { server in
      let client = try await server.connect()
      try await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\ncut")
      try await client.stream.finish()
      #expect(try await client.answer()?.status == 400)
    }
  }

  @Test func anAnswerMayBeginBeforeTheRequestHasEnded() async throws {
    let route = Route(.POST, "/progress") { request in
      .stream(contentType: "application/json") { writer in
        for try await piece in request.body { try await writer.write(piece) }
      }
    }
    try await TestServer.run([route]) { server in
      let client = try await server.connect()
      try await client.send("POST /progress HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na")
      _ = try await client.reader.responseHead()
      client.reader.beginBody(.chunked)
      #expect(try await client.reader.bodyPiece() == ByteBuffer(string: "a"))
      try await client.send("b")
      #expect(try await client.reader.bodyPiece() == ByteBuffer(string: "b"))
      #expect(try await client.reader.bodyPiece() == nil)
      client.close()
    }
  }
}
