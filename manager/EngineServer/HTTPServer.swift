package import HTTPWire
internal import LinuxKernel
package import Logging
internal import NIOCore
package import NIOPosix
internal import ServiceLifecycle

/// Serves the Engine API on one address, as long as ``run()`` runs.
package struct HTTPServer: Service {
  package struct Configuration: Sendable {
    package var address: ListenAddress
    /// The most bytes of a request's head.
    package var headLimit = 1 << 20
    /// With clients that let the server wait.
    package var patience = Patience(idle: .minutes(5), head: .seconds(30), body: .minutes(5))
    /// Clients at one time; more are turned away.
    package var connectionLimit = 4096
    /// What running requests get to end when the server shuts down.
    package var shutdownGrace = Duration.seconds(5)

    package init(address: ListenAddress) { self.address = address }
  }

  private let configuration: Configuration
  private let router: Router
  private let eventLoops: MultiThreadedEventLoopGroup
  private let logger: Logger
  private let onListening: @Sendable () async -> Void

  /// - Parameter onListening: is called once clients can connect.
  package init(
    _ configuration: Configuration, router: Router, eventLoops: MultiThreadedEventLoopGroup = .singleton,
    logger: Logger, onListening: @escaping @Sendable () async -> Void = {}
  ) {
    self.configuration = configuration
    self.router = router
    self.eventLoops = eventLoops
    self.logger = logger
    self.onListening = onListening
  }

  /// Listens and serves until it is cancelled or gracefully shut down: then nobody new is accepted, idle connections are
  /// closed, and running requests get a while to end.
  /// - Throws: ``ListenError`` if it cannot listen.
  package func run() async throws {
    let path = configuration.address.path
    let listener = try await listen(path)
    logger.info("listening", metadata: ["address": "unix://\(path)"])
    await onListening()
    defer { removeSocket(path) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await serve(listener) }
      group.addTask {
        try await gracefulShutdown()
        try await Task.sleep(for: configuration.shutdownGrace)
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}

// MARK: - Listening

extension HTTPServer {
  private func listen(_ path: String) async throws -> NIOAsyncChannel<ByteStream, Never> {
    let socket = try UnixListener.open(path)
    let listener = try socket.duplicate()
    let channel = try await ServerBootstrap(group: eventLoops)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .bind(socket.release()) { channel in
        channel.eventLoop.makeCompletedFuture { try ByteStream.install(on: channel) }
      }
    // NIO has listened on it once more, with a backlog of 128 whatever is asked of it.
    try listener.listen(backlog: UnixListener.backlog)
    return channel
  }

  private func serve(_ listener: NIOAsyncChannel<ByteStream, Never>) async throws {
    let count = ConnectionCount(limit: configuration.connectionLimit)
    let date = DateHeader()
    try await withThrowingDiscardingTaskGroup { group in
      try await listener.executeThenClose { streams in
        for try await stream in streams.cancelOnGracefulShutdown() {
          guard count.enter() else {
            logger.warning("too many connections", metadata: ["limit": "\(configuration.connectionLimit)"])
            stream.close()
            continue
          }
          group.addTask(executorPreference: EventLoopExecutor(stream.eventLoop)) {
            await connection(stream, date).serve()
            count.leave()
          }
        }
      }
    }
  }

  private func connection(_ stream: ByteStream, _ date: DateHeader) -> Connection {
    let reader = MessageReader(stream, headLimit: configuration.headLimit, patience: configuration.patience)
    return Connection(stream: stream, reader: reader, router: router, date: date, logger: logger)
  }

  private func removeSocket(_ path: String) {
    do { try UnixListener.remove(path) } catch { logger.warning("the socket stays behind: \(error)") }
  }
}
