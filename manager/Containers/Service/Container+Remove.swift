internal import LinuxKernel

extension Container {
  /// - Parameter force: kills it if it runs.
  /// - Throws: ``ContainerError/conflict(_:)`` if it runs and `force` is not set.
  func remove(force: Bool) async throws {
    if record.state.isActive {
      guard force else { throw ContainerError.conflict("cannot remove container \"/\(record.name)\": \(activity)") }
      do { try await kill(.kill) } catch ContainerError.conflict {
        // It has ended by itself.
      }
    }
    do {
      try await exclusively { container in
        guard !container.record.state.isActive else {
          throw ContainerError.conflict("container \(container.record.name) was started while it was being removed")
        }
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
    // What is removed by itself after its exit anyway needs no record of that to survive a power cut.
    try await transition(.removalBegan, durable: !record.host.autoRemove)
    for ticket in tickets { ticket.fail(ContainerError.notFound(id.text)) }
    tickets = []
    do {
      guard await cleanUp() else { throw ContainerError.failed("the container's last run could not be taken down") }
      try await surroundings.rootfs.remove(id)
      let data = surroundings.paths.data(id)
      try await surroundings.threads.runIfActive { try Directory.removeTree(data) }
      try await surroundings.repository.remove(id, telling: [record.event("destroy")])
    } catch {
      try await transition(.removalFailed(reason: "\(error)"))
      throw ContainerError.failed("cannot remove container \(record.name): \(error)")
    }
    isGone = true
    surroundings.index.remove(id)
    for exec in execs.identifiers { surroundings.execs.remove(exec) }
    waiting.removed(WaitOutcome(status: lastStatus, error: nil))
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
    do { try await surroundings.repository.update(record, durable: true, telling: [event]) } catch {
      record.name = old
      surroundings.index.release(name)
      throw error
    }
    surroundings.index.update(record)
    surroundings.index.release(old)
  }
}
