internal import Containers
internal import Content
internal import EngineServer
internal import Images
internal import LinuxKernel
internal import Logging
internal import Metadata
internal import NIOPosix
internal import Networks
internal import ServiceLifecycle
internal import Snapshots

/// Puts the domains together and runs them.
enum Daemon {
  /// More than processors: they wait for disks, mounts and shims, and nobody's start is to wait for another's.
  private static let threadCount = 8

  static func run(_ configuration: DaemonConfiguration, logger: Logger) async throws {
    let threads = NIOThreadPool(numberOfThreads: threadCount)
    threads.start()
    let result: Result<Void, any Error>
    do { result = .success(try await serve(configuration, threads, logger)) } catch { result = .failure(error) }
    try await threads.shutdownGracefully()
    try result.get()
  }

  private static func serve(
    _ configuration: DaemonConfiguration, _ threads: NIOThreadPool, _ logger: Logger
  ) async throws {
    let paths = configuration.paths
    try Directory.make(paths.dataRoot, mode: 0o710)
    try Directory.make(paths.execRoot, mode: 0o711)
    try Directory.make(paths.bundles, mode: 0o711)
    try Directory.make(paths.views, mode: 0o700)
    try Directory.make(paths.unreadable, mode: 0o700)
    try Directory.make("\(paths.dataRoot)/containers", mode: 0o710)
    let dataLock = try InstanceLock.take(paths.dataRoot, option: "--data-root")
    let execLock = try InstanceLock.take(paths.execRoot, option: "--exec-root")
    let bridge = try BridgeLock.take(configuration.network)
    let result: Result<Void, any Error>
    do { result = .success(try await serve(configuration, threads, locked: logger)) } catch { result = .failure(error) }
    do { try bridge.release() } catch {
      logger.error("cannot remove the bridge's lock, which no longer holds: \(error)")
    }
    _ = consume execLock
    _ = consume dataLock
    try result.get()
  }

  /// With the data root and the bridge ours alone.
  private static func serve(
    _ configuration: DaemonConfiguration, _ threads: NIOThreadPool, locked logger: Logger
  ) async throws {
    let domains = try await Domains(configuration, threads: threads, logger: logger)
    let router = Router(domains.routes, serverName: "Proa/\(Version.text) (linux)")
    let servers = configuration.addresses.map { HTTPServer(.init(address: $0), router: router, logger: logger) }
    // It prints everything it knows of its services on the lower levels.
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .notice)
    let group = ServiceGroup(
      configuration: .init(
        services: [.init(service: ContainersRunner(domains: domains, servers: servers))],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
    try await group.run()
    try domains.database.close()
    ParentCgroup.removeEmpty(configuration.paths.cgroupParent, logger: logger)
  }
}

/// Runs the containers' tasks around the servers: nobody is served before everything has been examined, and operations
/// that clients began are finished when the servers have ended. Containers keep running.
private struct ContainersRunner: Service {
  let domains: Domains
  let servers: [HTTPServer]

  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      let containers = domains.containers
      group.addTask { await containers.run() }
      defer { containers.shutDown() }
      try await domains.restore()
      // They end with this scope.
      async let _: Void = domains.networks.run()
      async let _: Void = domains.images.run()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for server in servers { group.addTask { try await server.run() } }
        try await group.waitForAll()
      }
      containers.shutDown()
      try await group.waitForAll()
    }
  }
}
