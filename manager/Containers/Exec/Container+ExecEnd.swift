internal import LinuxKernel
internal import ShimProtocol

extension Container {
  /// Waits in the background for the end of a session that was started.
  /// - Parameter shim: a connection on which nothing else is asked; `nil`: one is opened.
  func watchExec(_ execID: ExecID, through shim: (any ShimSession)? = nil) {
    surroundings.supervisor.watch { [weak self] in await self?.awaitEnd(of: execID, through: shim) }
  }

  /// Returns when the end of a session whose output has ended is recorded, so that whoever asks next is told the exit code.
  func settleExec(_ execID: ExecID) async { for await _ in execs.end(of: execID.text) {} }

  private func awaitEnd(of execID: ExecID, through shim: (any ShimSession)?) async {
    // Nobody waits for what this daemon does not learn any more.
    defer { execs.stopWaiting(execID.text) }
    guard let pid = unfinishedPid(of: execID) else { return }
    let outcome: ExitRecord?
    // It throws if the daemon is stopping; the next one will ask again.
    do { outcome = try await exitRecord(of: execID, through: shim) } catch { return }
    await execEnded(execID.text, .exited(status: outcome?.status, pid: pid ?? nil), through: shim)
  }

  /// `nil` if the session is not under way; the inner one if its process is not known.
  private func unfinishedPid(of execID: ExecID) -> Int32?? {
    switch execs[execID.text]?.state {
    case .running(let pid): .some(pid)
    case .starting: .some(nil)
    case .created, .exited, nil: .none
    }
  }

  /// How the session ended: what the shim says, or else what it wrote down; `nil` if it can do neither.
  /// - Throws: if the daemon is stopping.
  private func exitRecord(of execID: ExecID, through shim: (any ShimSession)?) async throws -> ExitRecord? {
    do {
      if case .exited(let exit) = try await surroundings.shims.ask(.wait(.exec(execID)), of: bundle, through: shim) {
        return exit
      }
      logger.error("the shim's answer to wait makes no sense", metadata: ["exec": "\(execID)"])
    } catch {
      try Task.checkCancellation()
      if let exit = try await storedExit(of: execID) { return exit }
      logger.warning("the end of an exec session is not known", metadata: ["exec": "\(execID)", "error": "\(error)"])
      // The container is killed with its shim, and the session with it. The shim that clears up after that knows of none.
      if error is ShimUnreachable || (error as? ShimFailure)?.code == .notFound { return .killed }
    }
    return nil
  }

  /// What the shim wrote down; of what it did and nobody can read, that it was killed: clients take no code for success.
  private func storedExit(of execID: ExecID) async throws -> ExitRecord? {
    let record = bundle.exec(execID).exitRecord
    switch try await StoredExit.read(record, on: surroundings.threads) {
    case .recorded(let exit): return exit
    case .missing: return nil
    case .unreadable(let reason):
      let session = "exec session \(execID) in container \(id.short), which counts as killed"
      _ = await setAside(record, of: session, reason: reason)
      return .killed
    }
  }

  /// Records how a session ended, for the next daemon too, and only then lets the shim forget it. Only the first call counts.
  func execEnded(_ execID: String, _ state: ExecState, through shim: (any ShimSession)? = nil) async {
    guard case .exited = state, var session = execs[execID] else { return }
    if case .exited = session.state { return }
    session.state = state
    execs.set(execID, state)
    await tellEnd(of: session)
    do {
      try await surroundings.threads.runIfActive { [session, bundle] in
        try ExecSessionFile.write(session, in: bundle)
      }
      deleteExecInShim(execID, through: shim)
    } catch let error as SyscallError where error.errno == .noEntry {
      // The container has ended, and its bundle with everything in it is gone.
    } catch {
      // The shim still knows it, and tells the next daemon.
      logger.warning("cannot record the end of an exec session", metadata: ["error": "\(error)"])
    }
  }

  /// One that could not be started had no end.
  private func tellEnd(of session: ExecSnapshot) async {
    guard case .exited(let status, let pid) = session.state, pid != nil else { return }
    await tell("exec_die", ["execID": session.id].merging(status.map { ["exitCode": "\($0)"] } ?? [:]) { $1 })
  }

  /// The container's processes are gone, its bundle is not: what the shim has not told stands there.
  func settleUnfinishedExecs() async throws {
    for session in execs.unfinished {
      guard let execID = ExecID(session.id) else { continue }
      let exit = try await storedExit(of: execID) ?? .killed
      var pid: Int32?
      if case .running(let number) = session.state { pid = number }
      var ended = session
      ended.state = .exited(status: exit.status, pid: pid)
      execs.set(session.id, ended.state)
      await tellEnd(of: ended)
    }
  }

  func deleteExecInShim(_ execID: String, through shim: (any ShimSession)? = nil) {
    guard let execID = ExecID(execID) else { return }
    surroundings.supervisor.operate { [surroundings, bundle] in
      // It may never have come there, and is gone with the container in any case.
      if let shim, (try? await shim.ask(.execDelete(execID))) != nil { return }
      _ = try? await surroundings.shims.request(.execDelete(execID), of: bundle)
    }
  }

  /// Removes what is kept of a session that nobody will be told about any more.
  func forgetExec(_ execID: String) {
    guard let execID = ExecID(execID) else { return }
    surroundings.supervisor.operate { [surroundings, bundle, logger] in
      do {
        try await surroundings.threads.runIfActive { try Directory.removeTree(bundle.session(execID)) }
      } catch { logger.warning("cannot forget an exec session", metadata: ["error": "\(error)"]) }
    }
  }
}

extension ExitRecord {
  /// Of what went with its container, where nobody was left to see it.
  fileprivate static var killed: ExitRecord {
    ExitRecord(status: 137, signal: 9, exitedAt: Timestamp.now().description)
  }
}
