internal import LinuxKernel
internal import ShimProtocol

extension Container {
  /// Brings the record and the world together again after the last daemon ended, at whatever point that was.
  ///
  /// | record | bundle | shim says | then |
  /// | --- | --- | --- | --- |
  /// | removing | any | any | the removal is finished |
  /// | running | none | | the machine was restarted: exited, 255 |
  /// | created, exited | none | | nothing to do; removed if it was to be after its exit |
  /// | any | there | running | it runs: nobody noticed that there was no daemon |
  /// | any | there | stopped | exited, with the status that the shim wrote down |
  /// | any | there | not started, or ended before that | the start is undone |
  /// | any | there | nothing | exited as `exit.json` says, if it says something new; else killed, if it ran |
  /// A container that its restart policy wants to run is not started yet: ``startByPolicy()`` does it.
  func restore() async throws {
    isRestoring = true
    try await exclusively { container in try await container.restoreNow() }
  }

  private func restoreNow() async throws {
    lastStatus = record.state.exit?.status ?? 0
    if record.state == .removing { return try await removeNow() }
    if case .dead = record.state { return }
    let path = bundle.path
    if try await surroundings.threads.runIfActive({ try FileStatus.of(path) != nil }) {
      try await restoreBundle()
    } else if record.state.running != nil {
      await endNow(
        .exited(
          status: 255, outOfMemory: false, at: .now(),
          error: "the machine was restarted while the container was running"))
    } else if record.state.exit != nil, record.host.autoRemove {
      try await removeNow()
    }
  }

  private func restoreBundle() async throws {
    let state: ShimState
    do {
      guard case .state(let answer) = try await surroundings.shims.ask(.state, of: bundle) else {
        throw ShimUnreachable("its answer to state makes no sense")
      }
      state = answer
    } catch is ShimUnreachable {
      await restoreExecs(nil)
      return try await restoreWithoutShim()
    }
    await restoreExecs(state.execs)
    switch state.container.status {
    case .running, .starting: try await adopt(state.container, isPaused: state.isPaused)
    case .stopped where state.container.neverRan: try await undoUnfinishedStart()
    case .stopped: try await recordEnd(state.container)
    case .prepared, .creating, .created: try await undoUnfinishedStart()
    }
  }

  /// The container runs. The database may not have learned of its start.
  private func adopt(_ process: ProcessState, isPaused: Bool) async throws {
    if record.state.running == nil { try await recordStart(pid: process.pid) }
    if record.state.running?.isPaused != isPaused { try await transition(isPaused ? .paused : .resumed) }
    watch()
    watchHealth()
  }

  private func recordStart(pid: Int32?) async throws {
    let path = bundle.initPid
    let started = try await surroundings.threads.runIfActive { try FileStatus.of(path)?.modified }
    let time = started.map { Timestamp(nanoseconds: $0 * 1_000_000_000) } ?? .now()
    await identifyNetworks()
    try await transition(.started(.init(pid: pid ?? 0, startedAt: time)))
  }

  private func recordEnd(_ process: ProcessState) async throws {
    // The last daemon had recorded it, and was killed before it could take everything down.
    if let end = process.exit, isKnown(end) { return try await undoUnfinishedStart() }
    if record.state.running == nil { try await recordStart(pid: process.pid) }
    await takeOverLastHealth()
    guard let exit = process.exit else { return await endNow(try await endWithoutShim()) }
    await endNow(
      .exited(
        status: exit.status, outOfMemory: exit.outOfMemory, at: Timestamp(exit.exitedAt) ?? .now(), error: ""))
  }

  private func restoreWithoutShim() async throws {
    if record.state.running == nil, try await hasUnknownEnd() { try await recordStart(pid: nil) }
    if record.state.running != nil { return await endNow(try await endWithoutShim()) }
    try await undoUnfinishedStart()
  }

  /// Whether the shim wrote down how a run ended of which the database has learned nothing, not even its start.
  private func hasUnknownEnd() async throws -> Bool {
    switch try await StoredExit.read(bundle.exitRecord, on: surroundings.threads) {
    case .recorded(let end): !isKnown(end)
    case .missing: false
    case .unreadable: record.state.exit == nil
    }
  }

  private func isKnown(_ end: ExitRecord) -> Bool {
    guard let known = record.state.exit, let time = Timestamp(end.exitedAt) else { return false }
    return known.finishedAt == max(time, known.startedAt ?? time)
  }

  private func undoUnfinishedStart() async throws {
    if record.state.running != nil {
      return await endNow(try await endWithoutShim())
    }
    await cleanUp()
    guard record.state.exit != nil, record.host.autoRemove else { return }
    do { try await removeNow() } catch {
      logger.error("cannot remove the container automatically", metadata: ["error": "\(error)"])
    }
  }
}
