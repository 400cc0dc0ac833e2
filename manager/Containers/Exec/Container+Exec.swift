internal import LinuxKernel
internal import ShimProtocol

extension Container {
  func createExec(_ configuration: ExecConfiguration, id execID: String) throws {
    try checkRunning(to: "exec")
    guard !configuration.arguments.isEmpty else { throw ContainerError.invalid("No exec command specified") }
    _ = try DetachKeys(configuration.detachKeys)
    let forgotten = execs.add(
      ExecSnapshot(id: execID, container: id, configuration: configuration, state: .created))
    for id in forgotten {
      deleteExecInShim(id)
      surroundings.execs.remove(id)
    }
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
      execs.set(execID, .exited(status: status, pid: nil))
      deleteExecInShim(execID)
      throw failure
    }
  }

  private func startNow(
    _ session: ExecSnapshot, streams: StreamSelection?, consoleSize: [UInt16]
  ) async throws -> Attachment? {
    guard let execID = ExecID(session.id) else { throw ContainerError.execNotFound(session.id) }
    let (bundle, shims, configuration) = (bundle, surroundings.shims, session.configuration)
    let process = try await surroundings.threads.runIfActive { try ExecProcess.json(configuration, bundle: bundle) }
    let size =
      consoleSize.count == 2 && consoleSize != [0, 0]
      ? TerminalSize(height: consoleSize[0], width: consoleSize[1]) : nil
    _ = try await shims.request(
      .exec(
        ExecRequest(
          id: execID, process: process, terminal: configuration.terminal,
          stdin: configuration.streams.stdin && streams != nil,
          consoleSize: size)), of: bundle)
    let stream = try await attachExec(execID, streams)
    guard case .process(let pid) = try await shims.request(.execStart(execID), of: bundle) else {
      throw ContainerError.failed("the shim's answer to execStart makes no sense")
    }
    execs.set(session.id, .running(pid: pid))
    watchExec(execID, pid: pid)
    guard let stream, let streams else { return nil }
    return Attachment(
      source: .open(stream), selection: streams,
      detachKeys: configuration.terminal ? try DetachKeys(configuration.detachKeys) : nil,
      terminal: configuration.terminal, afterEnd: { [weak self] in await self?.settleExec(execID, pid: pid) })
  }

  /// Records the end of a session whose output has ended, so that whoever asks next is told the exit code.
  private func settleExec(_ execID: ExecID, pid: Int32) async {
    guard case .running = execs[execID.text]?.state else { return }
    // A shim that does not know the session any more, or is gone, has told the one who watches it.
    guard case .exited(let exit) = try? await surroundings.shims.request(.wait(.exec(execID)), of: bundle) else {
      return
    }
    execEnded(execID, pid: pid, status: exit.status)
  }

  private func attachExec(_ execID: ExecID, _ streams: StreamSelection?) async throws -> (any ShimStream)? {
    guard let streams else { return nil }
    return try await surroundings.shims.attach(streams.request(.exec(execID), lossless: true), to: bundle)
  }

  private func watchExec(_ execID: ExecID, pid: Int32) {
    surroundings.supervisor.watch { [weak self, surroundings, bundle] in
      do {
        guard case .exited(let exit) = try await surroundings.shims.request(.wait(.exec(execID)), of: bundle) else {
          return
        }
        await self?.execEnded(execID, pid: pid, status: exit.status)
      } catch {
        if Task.isCancelled { return }
        // The container ended with it, or the shim is gone: either way the process is.
        await self?.execEnded(execID, pid: pid, status: 137)
      }
    }
  }

  private func execEnded(_ execID: ExecID, pid: Int32, status: Int32) {
    if case .running = execs[execID.text]?.state { execs.set(execID.text, .exited(status: status, pid: pid)) }
    deleteExecInShim(execID.text)
  }

  func resizeExec(_ execID: String, _ size: TerminalSize) async throws {
    let session = try exec(execID)
    guard let shimID = ExecID(execID) else { throw ContainerError.execNotFound(execID) }
    guard case .running = session.state else { throw ContainerError.conflict("exec \(execID) is not running") }
    try await ask(.resize(ResizeRequest(process: .exec(shimID), size: size)))
  }

  private func deleteExecInShim(_ execID: String) {
    guard let execID = ExecID(execID) else { return }
    surroundings.supervisor.operate { [surroundings, bundle] in
      // It may never have come there, and is gone with the container in any case.
      _ = try? await surroundings.shims.request(.execDelete(execID), of: bundle)
    }
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
