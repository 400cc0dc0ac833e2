internal import ShimProtocol

/// Starting a container again that has ended, as its restart policy says.
extension Container {
  /// Records an end, and in the same breath whether the container is to run again.
  func record(end: ContainerTransition) async throws {
    guard case .exited(let status, _, _, _) = end,
      record.host.restartPolicy.restarts(
        afterStatus: status, retries: record.restartCount, wasStopped: record.wasStopped)
    else { return try await transition(end) }
    record.restartCount += 1
    try await transition(end, .restartPlanned)
  }

  /// Starts the container again when its time has come, unless somebody stops it before. Not while the daemon is restoring:
  /// then ``startByPolicy()`` does it.
  func scheduleRestart() {
    guard !isRestoring, let exit = record.state.exit else { return }
    let began = exit.startedAt ?? exit.finishedAt
    let delay = restartDelay.next(
      afterRunOf: .nanoseconds(max(0, exit.finishedAt.nanoseconds - began.nanoseconds)))
    let key = UInt64.random(in: .min ... .max)
    plannedRestart = key
    surroundings.supervisor.watch { [weak self, surroundings, needs = record.needs] in
      // The policy's back-off. Cancelled: the daemon is stopping; the next one will do it.
      do { try await Task.sleep(for: delay) } catch { return }
      await surroundings.policyStarts.wait(for: needs)
      if Task.isCancelled { return }
      surroundings.supervisor.operate { [weak self] in await self?.restart(key) }
    }
  }

  private func restart(_ key: UInt64) async {
    defer { surroundings.policyStarts.settle(id) }
    do {
      try await exclusively { container in
        guard container.plannedRestart == key, container.record.state.isRestarting else { return }
        container.plannedRestart = nil
        try await container.startNow()
      }
    } catch { logger.error("cannot restart the container", metadata: ["error": "\(error)"]) }
  }

  /// What somebody does with a container by hand ends what its policy did.
  func forgetRestarts() {
    plannedRestart = nil
    restartDelay = RestartDelay()
    record.restartCount = 0
    record.wasStopped = false
  }

  /// Somebody wants the container to end: its policy does not start it again, and if it was about to, it does not any more.
  /// - Returns: whether that is all there was to do.
  func giveUpRestarting() async throws -> Bool {
    try await exclusively { container in
      guard container.record.state.isActive else { return false }
      container.record.wasStopped = true
      if container.record.state.isRestarting {
        container.plannedRestart = nil
        try await container.transition(.restartCancelled, durable: true)
        container.waiting.exited(container.outcome)
        return true
      }
      if container.record.host.restartPolicy.kind != .no {
        await container.keep(durable: true)
      }
      return false
    }
  }

  /// Whether a signal is somebody's wish that the container ends: as in Docker any is, unless the container has a stop signal
  /// of its own and this is another one.
  func isMeantToEnd(by signal: Signal) throws -> Bool {
    guard signal != .kill, let own = record.configuration.stopSignal else { return true }
    return try Signal(own) == signal
  }

  /// After the daemon's start: goes on with a restart that was due, or starts what runs whenever a daemon does.
  func startByPolicy() async {
    // One whose restart is due is tried some time later.
    defer { if plannedRestart == nil { surroundings.policyStarts.settle(id) } }
    do {
      try await exclusively { container in
        container.isRestoring = false
        switch container.record.state {
        case .restarting: container.scheduleRestart()
        case .exited:
          guard container.record.host.restartPolicy.startsWithDaemon(wasStopped: container.record.wasStopped) else {
            return
          }
          container.forgetRestarts()
          try await container.startNow()
        case .created, .running, .removing, .dead: break
        }
      }
    } catch ContainerError.notFound {
      // Removed meanwhile.
    } catch { logger.error("cannot start the container by its policy", metadata: ["error": "\(error)"]) }
  }

  func checkNotRestarting() throws(ContainerError) {
    guard record.state.isRestarting else { return }
    throw .conflict("Container \(id) is restarting, wait until the container is running")
  }
}
