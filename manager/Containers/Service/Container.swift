internal import Logging
internal import ShimProtocol

/// One container. Its transitions are serialised; what only reads or signals is not held up by them.
actor Container {
  nonisolated let id: ContainerID
  nonisolated let surroundings: ContainerSurroundings

  var record: ContainerRecord
  private var gate = TransitionGate()
  var waiting = WaitList()
  /// An open connection to the shim on which nothing is being asked; `nil`: none is kept.
  var shim: (any ShimSession)?
  /// Clients that attached before the start.
  var tickets: [AttachTicket] = []
  var execs = ExecTable()
  /// Whether it was removed: nothing can be done with it any more.
  var isGone = false
  /// Between runs that its restart policy asked for.
  var restartDelay = RestartDelay()
  /// The restart that is due, `nil` if none is.
  var plannedRestart: UInt64?
  /// Whether the daemon is still finding out what became of its containers: nothing is started yet.
  var isRestoring = false
  /// What is true and the database has not taken yet; `nil` if it knows everything.
  var unsaved: UnsavedChanges?
  /// Whether somebody tries again and again to save it.
  var isSaving = false

  init(_ record: ContainerRecord, _ surroundings: ContainerSurroundings) {
    id = record.id
    self.record = record
    self.surroundings = surroundings
  }

  nonisolated var bundle: BundleLayout { surroundings.paths.bundle(id) }

  var logger: Logger {
    var logger = surroundings.logger
    logger[metadataKey: "container"] = "\(id.short)"
    return logger
  }

  /// Runs `body` when no other transition is under way.
  func exclusively<Value: Sendable>(
    _ body: (isolated Container) async throws -> Value
  ) async throws -> Value {
    if !gate.take() { await withCheckedContinuation { gate.enqueue($0) } }
    defer { gate.release() }
    if isGone { throw ContainerError.notFound(id.text) }
    return try await body(self)
  }

  /// Returns when no transition is under way, at once if it runs.
  func settle() async throws {
    if record.state.running == nil { try await exclusively { _ in } }
  }

  /// What somebody who waits for the end is told.
  var outcome: WaitOutcome {
    switch record.state {
    case .created(let failure): WaitOutcome(status: failure?.status ?? 0, error: nil)
    case .exited(let exit), .restarting(let exit): WaitOutcome(status: exit.status, error: nil)
    case .running, .removing: WaitOutcome(status: lastStatus, error: nil)
    case .dead(let reason): WaitOutcome(status: lastStatus, error: reason)
    }
  }

  /// Of the last run, kept while the container is being removed.
  var lastStatus: Int32 = 0
}

// MARK: - Waiting

extension Container {
  func wait(_ condition: WaitCondition) throws -> ContainerWait {
    if isGone { throw ContainerError.notFound(id.text) }
    let (stream, continuation) = AsyncStream.makeStream(of: WaitOutcome.self, bufferingPolicy: .bufferingNewest(1))
    if condition == .notRunning, !record.state.isActive {
      continuation.yield(outcome)
      continuation.finish()
      return ContainerWait(outcomes: stream)
    }
    let key = waiting.add(condition) { outcome in
      continuation.yield(outcome)
      continuation.finish()
    }
    continuation.onTermination = { [weak self, supervisor = surroundings.supervisor] reason in
      guard case .cancelled = reason else { return }
      supervisor.operate { [weak self] in await self?.stopWaiting(key) }
    }
    return ContainerWait(outcomes: stream)
  }

  private func stopWaiting(_ key: Int) { waiting.remove(key) }

  /// Calls `body` when the container exits, or is removed.
  func notify(_ body: @escaping @Sendable () -> Void) -> Int { waiting.add(.nextExit) { _ in body() } }

  func cancelNotification(_ key: Int) { waiting.remove(key) }
}
