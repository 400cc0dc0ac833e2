internal import JSON
internal import OCIRuntimeSpec
internal import ShimProtocol

extension Container {
  /// Changes the record, and what the kernel enforces if the container runs.
  /// - Throws: ``ContainerError/conflict(_:)`` in Docker's words; the record is as it was then.
  func update(_ change: ContainerUpdate) async throws {
    try await exclusively { container in
      do { try await container.updateNow(change) } catch let error as ContainerError {
        throw error.prefixed("Cannot update container \(container.id)")
      }
    }
  }

  private func updateNow(_ change: ContainerUpdate) async throws {
    switch record.state {
    case .removing, .dead: throw ContainerError.conflict("container is marked for removal and cannot be \"update\"")
    case .created, .running, .restarting, .exited: break
    }
    var changed = record
    changed.host.resources = try record.host.resources.changed(by: change.resources)
    try changed.host.resources.validate()
    if let policy = change.restartPolicy {
      guard policy.kind == .no || !record.host.autoRemove else {
        throw ContainerError.conflict(
          "Restart policy cannot be updated because AutoRemove is enabled for the container")
      }
      changed.host.restartPolicy = policy
    }
    if record.state.running != nil { try await limit(changed.host.resources) }
    let before = record.host
    record.host = changed.host
    do { try await save(durable: true, telling: [record.event("update")]) } catch {
      record.host = before
      throw error
    }
    surroundings.index.update(record)
  }

  private func limit(_ resources: Resources) async throws {
    let update = SpecResources.update(from: record.host.resources, to: resources)
    guard update != LinuxResources() else { return }
    do {
      try await ask(.update(JSONReader.read(JSONWriter.string(update))))
    } catch ContainerError.conflict {
      // It has ended meanwhile: the next start knows the new limits.
    }
  }
}

extension ContainerError {
  /// The same, with a message that says what failed because of it.
  fileprivate func prefixed(_ what: String) -> ContainerError {
    switch self {
    case .conflict(let message): .conflict("\(what): \(message)")
    case .failed(let message): .failed("\(what): \(message)")
    default: self
    }
  }
}
