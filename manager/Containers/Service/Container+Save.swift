/// What has happened to a container and could not be written down.
struct UnsavedChanges {
  var events: [ContainerEvent] = []
  var isDurable = false
}

/// The database may not take what is true: a full disk, one that fails. Then it is told again and again, and as long as it
/// does not know how a run ended, the bundle with the shim's record of that stays, for the next daemon to find.
extension Container {
  private static let firstPause = Duration.milliseconds(100)
  private static let longestPause = Duration.seconds(10)

  /// Changes the state in memory and on disk, in this order: what the database cannot take is true all the same.
  /// - Throws: ``IllegalTransition``.
  func transition(_ transitions: ContainerTransition..., durable: Bool = false) async throws {
    record.state = try transitions.reduce(record.state) { state, transition in try state.after(transition) }
    for transition in transitions { record.followHealth(transition) }
    surroundings.index.update(record)
    let events = transitions.flatMap { $0.events(of: record) }
    await keep(durable: durable, telling: events)
  }

  /// Writes the record, now or later.
  func keep(durable: Bool = false, telling events: [ContainerEvent] = []) async {
    do { try await save(durable: durable, telling: events) } catch {
      logger.error("cannot record what has happened, trying again until it is", metadata: ["error": "\(error)"])
      unsaved = UnsavedChanges(
        events: (unsaved?.events ?? []) + events, isDurable: durable || unsaved?.isDurable ?? false)
      keepSaving()
    }
  }

  /// Writes the record, with everything that could not be told before.
  func save(durable: Bool = false, telling events: [ContainerEvent] = []) async throws {
    try await surroundings.repository.update(
      record, durable: durable || unsaved?.isDurable ?? false, telling: (unsaved?.events ?? []) + events)
    unsaved = nil
  }

  /// Before a new run writes over what tells of the last one.
  func settleLastRun() async throws {
    guard unsaved != nil else { return }
    do { try await save() } catch {
      if record.state.isRestarting { try await transition(.restartCancelled) }
      throw ContainerError.failed("the end of the last run cannot be recorded: \(error)")
    }
    await cleanUp()
  }

  private func keepSaving() {
    guard !isSaving else { return }
    isSaving = true
    surroundings.supervisor.watch { [weak self] in await self?.saveUntilSaved() }
  }

  private func saveUntilSaved() async {
    var pause = Self.firstPause
    while unsaved != nil, !isGone {
      // Nobody tells that a disk has room again. Cancelled: the daemon is stopping; the next one finds in the bundle what was not
      // saved.
      do { try await Task.sleep(for: pause) } catch { return }
      pause = min(pause * 2, Self.longestPause)
      await saveAgain()
    }
    isSaving = false
  }

  private func saveAgain() async {
    do {
      try await exclusively { container in
        guard container.unsaved != nil else { return }
        try await container.save()
        container.logger.notice("what has happened is recorded now")
        guard container.record.state.running == nil else { return }
        await container.cleanUp()
        if container.record.state.exit != nil, container.record.host.autoRemove { try await container.removeNow() }
      }
    } catch { logger.debug("still not recorded", metadata: ["error": "\(error)"]) }
  }
}
