internal import LinuxKernel
internal import NIOPosix
internal import ShimProtocol

extension Container {
  func createExec(_ configuration: ExecConfiguration, id execID: String) async throws {
    try checkRunning(to: "exec")
    try checkNotPaused("before exec")
    guard !configuration.arguments.isEmpty else { throw ContainerError.invalid("No exec command specified") }
    try Environment.check(configuration.environment)
    _ = try DetachKeys(configuration.detachKeys)
    let session = ExecSnapshot(id: execID, container: id, configuration: configuration, state: .created)
    let result = await Self.write(session, in: bundle, on: surroundings.threads)
    // It may have ended meanwhile, and its bundle may be gone.
    try checkRunning(to: "exec")
    try result.get()
    for forgotten in execs.add(session) {
      surroundings.execs.remove(forgotten)
      forgetExec(forgotten)
    }
    await tell("exec_create: \(configuration.commandLine)", ["execID": execID])
  }

  private static func write(
    _ session: ExecSnapshot, in bundle: BundleLayout, on threads: NIOThreadPool
  ) async -> Result<Void, any Error> {
    do {
      return .success(try await threads.runIfActive { try ExecSessionFile.write(session, in: bundle) })
    } catch { return .failure(error) }
  }

  func exec(_ execID: String) throws(ContainerError) -> ExecSnapshot {
    guard let session = execs[execID] else { throw .execNotFound(execID) }
    return session
  }

  /// Reserves the session for one start.
  /// - Throws: ``ContainerError/conflict(_:)`` if it was started before, or the container does not run.
  func beginExec(_ execID: String) throws(ContainerError) {
    let session = try exec(execID)
    guard case .created = session.state else {
      if case .exited = session.state { throw .conflict("exec command \(execID) has already run") }
      throw .conflict("exec command \(execID) is already running")
    }
    try checkRunning(to: "exec")
    try checkNotPaused("before exec")
    execs.set(execID, .starting)
  }

  /// Starts a session that was begun.
  /// - Returns: the streams that were asked for, attached before the start; `nil` if none were.
  func startExec(_ execID: String, streams: StreamSelection?, consoleSize: [UInt16]) async throws -> Attachment? {
    let session = try exec(execID)
    do {
      return try await startNow(session, streams: streams, consoleSize: consoleSize)
    } catch {
      let failure = ExecFailure.error(error, container: id)
      var status: Int32 = 126
      if case .cannotStart(_, let code) = failure { status = code }
      await execEnded(execID, .exited(status: status, pid: nil))
      throw failure
    }
  }

  private func startNow(
    _ session: ExecSnapshot, streams: StreamSelection?, consoleSize: [UInt16]
  ) async throws -> Attachment? {
    guard let execID = ExecID(session.id) else { throw ContainerError.execNotFound(session.id) }
    let (bundle, shims, configuration) = (bundle, surroundings.shims, session.configuration)
    let available = surroundings.machine.capabilities
    let process = try await surroundings.threads.runIfActive {
      try ExecProcess.json(configuration, bundle: bundle, available: available)
    }
    let size =
      consoleSize.count == 2 && consoleSize != [0, 0]
      ? TerminalSize(height: consoleSize[0], width: consoleSize[1]) : nil
    let shim = try await shims.connect(to: bundle)
    _ = try await shim.ask(
      .exec(
        ExecRequest(
          id: execID, process: process, terminal: configuration.terminal,
          stdin: configuration.streams.stdin && streams != nil,
          consoleSize: size)))
    let stream = try await attachExec(execID, streams)
    await tell("exec_start: \(configuration.commandLine)", ["execID": session.id])
    guard case .process(let pid) = try await shim.ask(.execStart(execID)) else {
      throw ContainerError.failed("the shim's answer to execStart makes no sense")
    }
    execs.set(session.id, .running(pid: pid))
    watchExec(execID, through: shim)
    guard let stream, let streams else { return nil }
    return Attachment(
      source: .open(stream), selection: streams,
      detachKeys: configuration.terminal ? try DetachKeys(configuration.detachKeys) : nil,
      terminal: configuration.terminal, afterEnd: { [weak self] in await self?.settleExec(execID) },
      afterDetach: { [weak self] in await self?.tell("exec_detach", ["execID": session.id]) })
  }

  private func attachExec(_ execID: ExecID, _ streams: StreamSelection?) async throws -> (any ShimStream)? {
    guard let streams else { return nil }
    return try await surroundings.shims.attach(streams.request(.exec(execID), lossless: true), to: bundle)
  }

  func resizeExec(_ execID: String, _ size: TerminalSize) async throws {
    guard let shimID = ExecID(execID) else { throw ContainerError.execNotFound(execID) }
    // Clients send the size as soon as they have seen the head of the answer to the start.
    for await _ in execs.start(of: execID) {}
    guard case .running = try exec(execID).state else { throw ContainerError.conflict("exec \(execID) is not running") }
    try await ask(.resize(ResizeRequest(process: .exec(shimID), size: size)))
  }
}

/// What a client is told when an exec session cannot be started.
enum ExecFailure {
  static func error(_ error: any Error, container: ContainerID) -> ContainerError {
    switch error {
    case let error as ContainerError: error
    case let failure as ShimFailure where failure.code == .runtime:
      .cannotStart(
        message: "OCI runtime exec failed: \(failure.message)",
        status: StartFailureTranslation.status(failure.message) == 127 ? 127 : 126)
    case is ShimUnreachable: .conflict("container \(container) is not running")
    default: .failed("\(error)")
    }
  }
}
