import EngineServer
import HTTPWire
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct MalformedRequestTests {
  @Test(arguments: [
    ("nonsense\r\n\r\n", 400),
    ("GET /hello HTTP/2.0\r\n\r\n", 505),
    ("GET /hello HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n", 400),
    ("GET /hello HTTP/1.1\r\nHost: x\r\nName : x\r\n\r\n", 400),
    ("GET /hello HTTP/1.1\r\nHost: x\r\nA: x\r\n folded\r\n\r\n", 400),
    ("GET /hello HTTP/1.1\r\nHost: x\r\nA: \u{1}\r\n\r\n", 400),
    ("G(T /hello HTTP/1.1\r\n\r\n", 400),
    ("GET /a b HTTP/1.1\r\n\r\n", 400),
    ("GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
    ("GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    ("GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
    ("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400),
    ("GET hello HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("GET /hello?x=%ff HTTP/1.1\r\nHost: x\r\n\r\n", 400),
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
      try await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
      #expect(try await client.answer()?.status == 400)
      client.close()
    }
  }

  @Test func hugeHeadsAreRefusedBeforeTheyEnd() async throws {
    try await TestServer.run([HTTPServerTests.hello], configure: { $0.headLimit = 4096 }) { server in
      let client = try await server.connect()
      try await client.send("GET /hello HTTP/1.1\r\nHost: x\r\nX: " + String(repeating: "x", count: 8192))
      #expect(try await client.answer()?.status == 431)
      client.close()
    }
  }

  @Test func aHeadThatDoesNotComeIsNotWaitedFor() async throws {
    try await TestServer.run([HTTPServerTests.hello], configure: { $0.patience.head = .milliseconds(50) }) { server in
      let client = try await server.connect()
      try await client.send("GET /hel")
      let answer = try? await client.answer()
      #expect(answer == nil)
    }
  }

  @Test func aBodyThatDoesNotComeIsNotWaitedFor() async throws {
    try await TestServer.run([HTTPServerTests.echo], configure: { $0.patience.body = .milliseconds(50) }) { server in
      let client = try await server.connect()
      try await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
      // One byte now and then is no progress: the time is for the whole of a short body.
      let dripping = Task {
        while true {
          try await client.send("x")
          try await Task.sleep(for: .milliseconds(10))
        }
      }
      let answer = try? await client.answer()
      #expect(answer == nil)
      dripping.cancel()
    }
  }

  @Test func idleConnectionsAreClosed() async throws {
    try await TestServer.run([HTTPServerTests.hello], configure: { $0.patience.idle = .milliseconds(50) }) { server in
      let silent = try await server.connect()
      #expect(try await silent.answer() == nil)
      let kept = try await server.connect()
      #expect(try await kept.get("/hello")?.status == 200)
      #expect(try await kept.answer() == nil)
    }
  }

  @Test func aSlowHandlerIsNotTheClientsFault() async throws {
    let slow = Route(.GET, "/slow") { _ in
      try await Task.sleep(for: .milliseconds(200))
      return .bytes(ByteBuffer(string: "done"), contentType: "text/plain")
    }
    try await TestServer.run(
      [slow],
      configure: { $0.patience = Patience(idle: .milliseconds(50), head: .milliseconds(50), body: .milliseconds(50)) }
    ) { server in
      let client = try await server.connect()
      #expect(try await client.get("/slow")?.body == "done")
      client.close()
    }
  }

  @Test func thereIsOneHost() async throws {
    try await TestServer.run([HTTPServerTests.hello]) { server in
      for fields in ["", "Host: a\r\nHost: b\r\n"] {
        let client = try await server.connect()
        try await client.send("GET /hello HTTP/1.1\r\n\(fields)\r\n")
        #expect(try await client.answer()?.status == 400)
        client.close()
      }
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
      try await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n")
      try await client.send(String(repeating: "x", count: 2_000_000))
      let answer = try #require(try await client.answer())
      #expect(answer.status == 413)
      #expect(answer.headers.first(name: "Connection") == "close")
      client.close()
    }
  }
}
