import EngineServer
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct MalformedRequestTests {
  @Test(arguments: [
    ("nonsense\r\n\r\n", 400),
    ("GET /hello HTTP/2.0\r\n\r\n", 505),
    ("GET /hello HTTP/1.1\r\nNo colon\r\n\r\n", 400),
    ("GET /hello HTTP/1.1\r\nName : x\r\n\r\n", 400),
    ("GET /hello HTTP/1.1\r\nA: x\r\n folded\r\n\r\n", 400),
    ("GET /hello HTTP/1.1\r\nA: \u{1}\r\n\r\n", 400),
    ("G(T /hello HTTP/1.1\r\n\r\n", 400),
    ("GET /a b HTTP/1.1\r\n\r\n", 400),
    ("GET /hello HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
    ("GET /hello HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    ("GET /hello HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
    ("POST /echo HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ("POST /echo HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400),
    ("GET hello HTTP/1.1\r\n\r\n", 400),
    ("GET /%zz HTTP/1.1\r\n\r\n", 400),
    ("GET /hello?x=%ff HTTP/1.1\r\n\r\n", 400),
  ])
  func areRefused(_ text: String, _ status: Int) async throws {
    try await TestServer.run([HTTPServerTests.hello, HTTPServerTests.echo]) { server in
      let client = try await server.connect()
      try await client.send(text)
      let answer = try #require(try await client.answer())
      #expect(answer.status == status)
      #expect(answer.body.hasPrefix("{\"message\":\""))
      client.close()
    }
  }

  @Test(arguments: ["zz\r\n", "-1\r\n", "5\r\nhelloX\r\n", "5\n", "fffffffffffffffff\r\n"])
  func badChunksAreRefused(_ chunks: String) async throws {
    try await TestServer.run([HTTPServerTests.echo]) { server in
      let client = try await server.connect()
      try await client.send("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
      #expect(try await client.answer()?.status == 400)
      client.close()
    }
  }

  @Test func hugeHeadsAreRefusedBeforeTheyEnd() async throws {
    try await TestServer.run([HTTPServerTests.hello], configure: { $0.headLimit = 4096 }) { server in
      let client = try await server.connect()
      try await client.send("GET /hello HTTP/1.1\r\nX: " + String(repeating: "x", count: 8192))
      #expect(try await client.answer()?.status == 431)
      client.close()
    }
  }

  @Test func aHeadThatDoesNotComeIsNotWaitedFor() async throws {
    try await TestServer.run([HTTPServerTests.hello], configure: { $0.headTimeout = .milliseconds(50) }) { server in
      let client = try await server.connect()
      try await client.send("GET /hel")
      let answer = try? await client.answer()
      #expect(answer == nil)
    }
  }

  @Test func tooManyClientsAreTurnedAway() async throws {
    try await TestServer.run([HTTPServerTests.hello], configure: { $0.connectionLimit = 1 }) { server in
      let first = try await server.connect()
      #expect(try await first.get("/hello")?.status == 200)
      let second = try await server.connect()
      let answer = try? await second.get("/hello")
      #expect(answer == nil)
      #expect(try await first.get("/hello")?.status == 200)
      first.close()
    }
  }

  @Test func bodiesPastTheLimitAreRefused() async throws {
    try await TestServer.run([HTTPServerTests.echo]) { server in
      let client = try await server.connect()
      try await client.send("POST /echo HTTP/1.1\r\nContent-Length: 3000000\r\n\r\n")
      try await client.send(String(repeating: "x", count: 2_000_000))
      let answer = try #require(try await client.answer())
      #expect(answer.status == 413)
      #expect(answer.headers.first(name: "Connection") == "close")
      client.close()
    }
  }
}
