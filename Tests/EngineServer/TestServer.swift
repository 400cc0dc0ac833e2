import EngineServer
import Foundation
import HTTPWire
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// A server on a socket in a folder of its own, for the time of one test.
struct TestServer {
  let path: String
  private let service: ServiceGroup

  static func run<Result>(
    _ routes: [Route], eventLoops: MultiThreadedEventLoopGroup = .singleton,
    configure: (inout HTTPServer.Configuration) -> Void = { _ in },
    prepare: (_ path: String) -> Void = { _ in },
    _ body: (TestServer) async throws -> Result
  ) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "proa-http-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/test.sock"
    prepare(path)
    var configuration = HTTPServer.Configuration(address: .unix(path))
    configure(&configuration)
    let (ready, signal) = AsyncStream<Void>.makeStream()
    let server = HTTPServer(
      configuration, router: Router(routes, serverName: "Test/1.0"), eventLoops: eventLoops,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      onListening: { signal.finish() })
    let service = ServiceGroup(
      configuration: .init(
        services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { signal.finish() }
        try await service.run()
      }
      for await _ in ready {}
      let result: Swift.Result<Result, any Error>
      do { result = .success(try await body(TestServer(path: path, service: service))) } catch {
        result = .failure(error)
      }
      group.cancelAll()
      // Why it did not listen is worth more than what failed for that.
      do { try await group.waitForAll() } catch is CancellationError {}
      return try result.get()
    }
  }

  /// Begins a graceful shutdown.
  func shutDown() async { await service.triggerGracefulShutdown() }

  func connect() async throws -> TestClient {
    let stream = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .connect(unixDomainSocketPath: path) { channel in
        channel.eventLoop.makeCompletedFuture { try ByteStream.install(on: channel) }
      }
    return TestClient(stream: stream, reader: MessageReader(stream))
  }
}
