import EngineServer
import Foundation
import Logging
import NIOCore
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ListenTests {
  @Test(arguments: [
    ("unix:///run/x.sock", ListenAddress.unix("/run/x.sock")), ("unix:///a", .unix("/a")),
  ])
  func addressesAreRead(_ text: String, _ address: ListenAddress) throws {
    #expect(try ListenAddress(text) == address)
  }

  @Test(arguments: ["unix://relative", "unix:///", "unix:/x", "/x", "", "ftp://x"])
  func otherAddressesAreRefused(_ text: String) {
    #expect(throws: ListenError.invalidAddress(text)) { try ListenAddress(text) }
  }

  @Test(arguments: ["tcp://0.0.0.0:2375", "fd://"])
  func otherSchemesAreRefusedClearly(_ text: String) {
    let scheme = String(text.prefix { $0 != ":" })
    #expect(throws: ListenError.unsupportedScheme(scheme)) { try ListenAddress(text) }
  }

  @Test func theSocketIsForOwnerAndGroupAndGoesAway() async throws {
    let path = try await TestServer.run([HTTPServerTests.hello]) { server in
      let attributes = try FileManager.default.attributesOfItem(atPath: server.path)
      #expect(attributes[.posixPermissions] as? Int == 0o660)
      return server.path
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func aSecondServerIsRefusedAndAStaleSocketReplaced() async throws {
    try await TestServer.run([HTTPServerTests.hello]) { server in
      let second = HTTPServer(
        .init(address: .unix(server.path)), router: Router([], serverName: "x"),
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
      await #expect(throws: ListenError.inUse(path: server.path)) { try await second.run() }
      // The first one goes on.
      let client = try await server.connect()
      #expect(try await client.get("/hello")?.status == 200)
      client.close()
    }
    try await TestServer.run([HTTPServerTests.hello], prepare: Self.leaveStaleSocket) { server in
      let client = try await server.connect()
      #expect(try await client.get("/hello")?.status == 200)
      client.close()
    }
  }

  @Test func aFileThatIsNoSocketIsRefused() async throws {
    await #expect {
      try await TestServer.run([], prepare: { _ = FileManager.default.createFile(atPath: $0, contents: Data([1])) }) {
        _ in
      }
    } throws: { error in
      if case ListenError.notASocket = error { true } else { false }
    }
  }

  /// A socket whose process is gone: bound, and closed without being removed.
  private static func leaveStaleSocket(_ path: String) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(result == 0)
    close(descriptor)
  }

  @Test func aGracefulShutdownLetsRequestsEnd() async throws {
    let (begun, begin) = AsyncStream<Void>.makeStream()
    let (released, release) = AsyncStream<Void>.makeStream()
    let slow = Route(.GET, "/slow") { _ in
      begin.finish()
      for await _ in released {}
      return .bytes(ByteBuffer(string: "done"), contentType: "text/plain")
    }
    try await TestServer.run([slow, HTTPServerTests.hello]) { server in
      let idle = try await server.connect()
      #expect(try await idle.get("/hello")?.status == 200)
      let busy = try await server.connect()
      try await busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
      for await _ in begun {}
      await server.shutDown()
      // Ends without an answer: nothing was asked.
      #expect(try await idle.answer() == nil)
      release.finish()
      let answer = try #require(try await busy.answer())
      #expect(answer.body == "done")
      #expect(answer.headers.first(name: "Connection") == "close")
    }
  }
}
