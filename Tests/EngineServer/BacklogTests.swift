import EngineServer
import Foundation
import NIOCore
import NIOPosix
import Testing

@Suite(.timeLimit(.minutes(1)))
struct BacklogTests {
  /// Connects without waiting, as Go's and Python's asynchronous clients do, while the server accepts nobody.
  @Test func manyClientsMayConnectAtOnce() async throws {
    let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    try await TestServer.run([HTTPServerTests.hello], eventLoops: eventLoops) { server in
      let busy = DispatchSemaphore(value: 0)
      eventLoops.next().execute { busy.wait() }
      let clients = (0..<400).map { _ in Self.connect(server.path) }
      busy.signal()
      #expect(clients.filter { $0.errno != 0 }.map(\.errno) == [])
      for client in clients { close(client.descriptor) }
      let later = try await server.connect()
      #expect(try await later.get("/hello")?.status == 200)
      later.close()
    }
    try await eventLoops.shutdownGracefully()
  }

  private static func connect(_ path: String) -> (descriptor: Int32, errno: Int32) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return (descriptor, result == 0 ? 0 : errno)
  }
}
