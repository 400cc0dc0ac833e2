internal import ShimProtocol

/// What can be done with a container, found by its name, its identifier or the beginning of that. Everything that changes
/// something is finished even if the caller goes away.
extension ContainerService {
  public func start(_ name: String) async throws { try await operate(name) { try await $0.start() } }

  public func kill(_ name: String, _ signal: Signal = .kill) async throws {
    try await operate(name) { try await $0.kill(signal) }
  }

  /// - Parameter timeout: seconds, negative: for ever; `nil`: as the container is configured.
  public func stop(_ name: String, signal: Signal? = nil, timeout: Int? = nil) async throws {
    try await operate(name) { try await $0.stop(signal: signal, timeout: timeout) }
  }

  public func restart(_ name: String, signal: Signal? = nil, timeout: Int? = nil) async throws {
    try await operate(name) { try await $0.restart(signal: signal, timeout: timeout) }
  }

  public func pause(_ name: String) async throws { try await operate(name) { try await $0.pause() } }

  public func unpause(_ name: String) async throws { try await operate(name) { try await $0.unpause() } }

  /// - Parameter withVolumes: whether its anonymous volumes go, too.
  public func remove(_ name: String, force: Bool = false, withVolumes: Bool = false) async throws {
    try await operate(name) { try await $0.remove(force: force, withVolumes: withVolumes) }
  }

  /// Changes a container's limits, those of its running processes too.
  /// - Returns: for the person who asked, what is not as it was meant.
  public func update(_ name: String, _ change: ContainerUpdate) async throws -> [String] {
    try change.resources.validate(isChange: true)
    try change.resources.validate(on: surroundings.machine)
    try await operate(name) { try await $0.update(change) }
    return []
  }

  public func rename(_ name: String, to newName: String) async throws {
    _ = try index.find(name)
    let newName = try ContainerName(newName)
    try await operate(name) { try await $0.rename(newName) }
  }

  public func resize(_ name: String, height: UInt16, width: UInt16) async throws {
    try await index.find(name).container.resize(TerminalSize(height: height, width: width))
  }

  /// Begins to wait; nothing that happens after this returns is missed.
  public func wait(_ name: String, _ condition: WaitCondition) async throws -> ContainerWait {
    try await index.find(name).container.wait(condition)
  }

  public func attach(
    _ name: String, _ streams: StreamSelection, detachKeys: String = ""
  ) async throws -> Attachment {
    try await index.find(name).container.attach(streams, detachKeys: detachKeys)
  }

  /// The processes of a container that runs, as the host's `ps` with `options` tells of them.
  /// - Throws: ``ContainerError/conflict(_:)`` if it does not run.
  public func processes(of name: String, options: String) async throws -> ProcessTable {
    let query = try ProcessQuery(options)
    let (container, record) = try index.find(name)
    guard !record.state.isRestarting else {
      throw ContainerError.conflict("Container \(record.id) is restarting, wait until the container is running")
    }
    guard record.state.running != nil else {
      throw ContainerError.conflict("Container \(record.id) is not running")
    }
    let table = try await surroundings.threads.runIfActive { try query.run(in: record.id) }
    await container.tell("top")
    return table
  }

  /// The container's record as it is now.
  public func inspect(_ name: String) throws -> ContainerRecord { try index.find(name).record }

  /// The identifiers of the container's exec sessions.
  public func execIDs(_ name: String) async throws -> [String] {
    try await index.find(name).container.execs.identifiers
  }

  private func operate(_ name: String, _ body: @escaping @Sendable (Container) async throws -> Void) async throws {
    let container = try index.find(name).container
    try await surroundings.supervisor.finish { try await body(container) }
  }
}
