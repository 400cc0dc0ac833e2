internal import ShimProtocol

extension Container {
  /// Stops every process of the container where it is.
  /// - Throws: ``ContainerError/conflict(_:)`` if it does not run, or is paused.
  func pause() async throws {
    try await exclusively { container in
      try container.checkNotRestarting()
      guard let running = container.record.state.running else {
        throw ContainerError.conflict("Container \(container.id) is not running")
      }
      if running.isPaused { throw ContainerError.conflict("Container \(container.id) is already paused") }
      try await container.freeze(.pause, .paused)
    }
  }

  /// Lets them go on.
  /// - Throws: ``ContainerError/conflict(_:)`` if it is not paused.
  func unpause() async throws {
    try await exclusively { container in
      guard container.record.state.running?.isPaused == true else {
        throw ContainerError.conflict("Container \(container.id) is not paused")
      }
      try await container.freeze(.resume, .resumed)
    }
  }

  private func freeze(_ request: ShimRequest, _ transition: ContainerTransition) async throws {
    do { try await ask(request) } catch ContainerError.failed(let message) {
      throw ContainerError.failed("Cannot \(transition.operation) container \(id): \(message)")
    }
    try await self.transition(transition)
  }

  /// A process that is paused takes a signal when it goes on: as in Docker, every signal ends the pause.
  func resumeAfterSignal() async throws {
    guard record.state.running?.isPaused == true else { return }
    do { try await unpause() } catch ContainerError.conflict {
      // It has ended, or somebody else has let it go on.
    } catch ContainerError.notFound {}
  }

  func checkNotPaused(_ remedy: String) throws(ContainerError) {
    guard record.state.running?.isPaused == true else { return }
    throw .conflict("Container \(record.name) is paused, unpause the container \(remedy)")
  }
}
