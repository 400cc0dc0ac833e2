internal import LinuxKernel
internal import ShimProtocol

extension Container {
  /// Takes over the exec sessions of the last daemon.
  ///
  /// | file | shim says | then |
  /// | --- | --- | --- |
  /// | exited | any | as the file says: the shim may have forgotten it |
  /// | created | nothing, prepared | created: it can still be started |
  /// | created | starting, running | it runs |
  /// | created | stopped | exited, with the status that the shim wrote down |
  /// - Parameter known: the shim's sessions; `nil` if there is no shim: then `exec/<id>/exit.json` is all there is.
  func restoreExecs(_ known: [ShimProtocol.ExecState]?) async {
    let bundle = bundle
    let found: (sessions: [ExecSnapshot], unreadable: [String])
    do { found = try await surroundings.threads.runIfActive { try ExecSessionFile.readAll(in: bundle) } } catch {
      logger.error("cannot read the exec sessions", metadata: ["error": "\(error)"])
      return
    }
    for path in found.unreadable {
      logger.error("unreadable exec session", metadata: ["path": "\(path)"])
      surroundings.report("what is known of an exec session cannot be read: \(path)")
    }
    let states = Dictionary((known ?? []).map { ($0.id.text, $0.process) }) { first, _ in first }
    for session in found.sessions { await restore(session, states[session.id], hasShim: known != nil) }
  }

  private func restore(_ session: ExecSnapshot, _ process: ProcessState?, hasShim: Bool) async {
    guard let execID = ExecID(session.id) else { return }
    for forgotten in execs.add(session) { surroundings.execs.remove(forgotten) }
    surroundings.execs.insert(session.id, self)
    if case .exited = session.state { return deleteExecInShim(session.id) }
    switch process?.status {
    case .stopped:
      await execEnded(session.id, .exited(status: process?.exit?.status, pid: process?.pid))
    case .starting, .running, .creating, .created:
      execs.set(session.id, process?.pid.map { .running(pid: $0) } ?? .starting)
      watchExec(execID)
    case .prepared: deleteExecInShim(session.id)
    case nil: if !hasShim { await restoreWithoutShim(session, execID) }
    }
  }

  private func restoreWithoutShim(_ session: ExecSnapshot, _ execID: ExecID) async {
    let folder = bundle.exec(execID).path
    do {
      guard try await surroundings.threads.runIfActive({ try FileStatus.of(folder) }) != nil else { return }
    } catch { logger.error("cannot examine an exec session", metadata: ["error": "\(error)"]) }
    // It was given to the shim, and may have run.
    execs.set(session.id, .starting)
  }
}
