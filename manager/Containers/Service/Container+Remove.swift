internal import LinuxKernel

extension Container {
  /// - Parameter force: kills it if it runs.
  /// - Parameter withVolumes: whether its anonymous volumes go, too.
  /// - Throws: ``ContainerError/conflict(_:)`` if it runs and `force` is not set.
  func remove(force: Bool, withVolumes: Bool) async throws {
    if record.state.isActive {
      guard force else { throw ContainerError.conflict("cannot remove container \"/\(record.name)\": \(activity)") }
      let wait = try self.wait(.notRunning)
      do { try await kill(.kill) } catch ContainerError.conflict {
        // It has ended by itself, and the shim is about to say so.
        if record.state.running != nil { _ = try await wait.outcome() }
      }
    }
    do {
      try await exclusively { container in
        guard !container.record.state.isActive else {
          throw ContainerError.conflict("container \(container.record.name) was started while it was being removed")
        }
        container.record.removesVolumes = withVolumes || container.record.host.autoRemove
        try await container.removeNow()
      }
    } catch ContainerError.notFound {
      // Removed by itself, or by somebody else at the same time.
    }
  }

  private var activity: String {
    if record.state.running?.isPaused == true { return "container is paused and must be unpaused first" }
    let state = record.state.status.rawValue
    return "container is \(state): stop the container before removing or force remove"
  }

  /// Removes everything; what is killed in between is finished by the next ``restore()``.
  func removeNow() async throws {
    try await beginRemoval()
    for ticket in tickets { ticket.fail(ContainerError.notFound(id.text)) }
    tickets = []
    do {
      guard await cleanUp() else { throw ContainerError.failed("the container's last run could not be taken down") }
      try await surroundings.rootfs.remove(id)
      let data = surroundings.paths.data(id)
      try await surroundings.threads.runIfActive { try Directory.removeTree(data) }
      try await surroundings.repository.remove(id, telling: [record.event("destroy")])
      await surroundings.giveBack(
        record.volumes, of: id, removing: record.removesVolumes || record.host.autoRemove)
    } catch {
      try await transition(.removalFailed(reason: "\(error)"))
      throw ContainerError.failed("cannot remove container \(record.name): \(error)")
    }
    isGone = true
    surroundings.index.remove(id)
    for image in record.usedImages { await surroundings.images.released(image) }
    for exec in execs.identifiers { surroundings.execs.remove(exec) }
    waiting.removed(WaitOutcome(status: lastStatus, error: nil))
  }

  /// - Throws: also if that cannot be recorded; nothing was done then.
  private func beginRemoval() async throws {
    let before = record.state
    record.state = try before.after(.removalBegan)
    surroundings.index.update(record)
    // What is removed by itself after its exit anyway needs no record of that to survive a power cut.
    do { try await save(durable: !record.host.autoRemove) } catch {
      record.state = before
      surroundings.index.update(record)
      throw ContainerError.failed("cannot remove container \(record.name): \(error)")
    }
  }

  /// - Throws: ``ContainerError/nameInUse(name:owner:)``.
  func rename(_ name: ContainerName) async throws {
    try await exclusively { container in try await container.renameNow(name) }
  }

  private func renameNow(_ name: ContainerName) async throws {
    guard name != record.name else {
      throw ContainerError.invalid("Renaming a container with the same name as its current name")
    }
    try surroundings.index.reserve(name, for: id)
    let old = record.name
    record.name = name
    let event = record.event("rename", ["oldName": "/\(old)"])
    do { try await save(durable: true, telling: [event]) } catch {
      record.name = old
      surroundings.index.release(name)
      throw error
    }
    surroundings.index.update(record)
    surroundings.index.release(old)
    await tellNewName()
  }

  /// Those on its networks know it by its new name, and by its old one no more.
  private func tellNewName() async {
    let places = record.places.filter { $0.isUserDefined && $0.endpoint != nil }
    let names = Dictionary(places.map { ($0.networkID, record.names(on: $0)) }, uniquingKeysWith: { $1 })
    // It has its name all the same: from its next start on it is known by it.
    do { try await surroundings.network.rename(id, names) } catch {
      logger.error("others do not know the new name", metadata: ["error": "\(error)"])
    }
  }
}
