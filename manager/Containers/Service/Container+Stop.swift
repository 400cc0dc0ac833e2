internal import ShimProtocol

extension Container {
  static let defaultStopTimeout = 10
  /// Seconds that a container may still take to end where it could not be sent a signal: its shim may just be gone.
  private static let patience = 10

  /// - Throws: ``ContainerError/conflict(_:)`` if it does not run.
  func kill(_ signal: Signal) async throws {
    if !record.state.isRestarting { try checkRunning(to: "kill") }
    if try isMeantToEnd(by: signal), try await giveUpRestarting() { return }
    if record.state.isRestarting { return }
    try checkRunning(to: "kill")
    // Before the signal is sent, so that its effect cannot be missed.
    let wait = signal == .kill ? try self.wait(.notRunning) : nil
    try await send(signal)
    if let wait { _ = try await wait.outcome() }
  }

  /// Asks the container to end with its stop signal, and after `timeout` seconds makes it.
  /// - Parameter timeout: negative: never makes it; `nil`: as configured.
  /// - Throws: ``ContainerError/notModified`` if it does not run.
  func stop(signal: Signal?, timeout: Int?) async throws {
    // A start that is under way comes first.
    try await exclusively { container in
      if !container.record.state.isActive { throw ContainerError.notModified }
    }
    if try await !giveUpRestarting() { try await makeEnd(signal, timeout) }
    await tell("stop")
  }

  private func makeEnd(_ signal: Signal?, _ timeout: Int?) async throws {
    let signal = try signal ?? record.configuration.stopSignal.map { try Signal($0) } ?? .terminate
    let timeout = timeout ?? record.configuration.stopTimeout ?? Self.defaultStopTimeout
    let wait = try self.wait(.notRunning)
    try await stopHealthCheck()
    let refusal = try await sendIfRunning(signal)
    let patience = refusal != nil && !(0..<Self.patience ~= timeout) ? Self.patience : timeout
    if try await wait.outcome(within: patience) != nil { return }
    let secondWait = try self.wait(.notRunning)
    if let refusal = try await sendIfRunning(.kill) {
      if try await secondWait.outcome(within: Self.patience) == nil { throw refusal }
    } else {
      _ = try await secondWait.outcome()
    }
  }

  /// As ``stop(signal:timeout:)``, then starts again.
  func restart(signal: Signal?, timeout: Int?) async throws {
    do { try await stop(signal: signal, timeout: timeout) } catch ContainerError.notModified {}
    do { try await start() } catch ContainerError.notModified {}
    await tell("restart")
  }

  func resize(_ size: TerminalSize) async throws {
    try checkRunning(to: "resize")
    // As in Docker, a container without a terminal has no size that could change, and that is no mistake.
    guard record.configuration.terminal else { return }
    try await ask(.resize(ResizeRequest(size: size)))
    await tell("resize", ["height": "\(size.height)", "width": "\(size.width)"])
  }

  private func send(_ signal: Signal) async throws {
    // Before its effect is.
    await tell("kill", ["signal": "\(signal.number)"])
    try await ask(.signal(SignalRequest(number: signal.number)))
    try await resumeAfterSignal()
  }

  /// - Returns: why a container that runs may not have got it.
  private func sendIfRunning(_ signal: Signal) async throws -> ContainerError? {
    do {
      try await send(signal)
    } catch {
      // It has ended meanwhile, which is all that was wanted; the shim says so, or is gone.
      if record.state.running == nil { return nil }
      guard let error = error as? ContainerError else { throw error }
      if case .failed = error { return error }
    }
    return nil
  }

  /// Sends a request to the shim of a container that should be running.
  func ask(_ request: ShimRequest) async throws {
    do {
      _ = try await surroundings.shims.request(request, of: bundle)
    } catch let failure as ShimFailure {
      throw failure.code == .conflict ? notRunning("reach") : ContainerError.failed(failure.message)
    } catch let error as ShimUnreachable {
      throw record.state.running == nil ? notRunning("reach") : ContainerError.failed("\(error)")
    }
  }

  func checkRunning(to operation: String) throws(ContainerError) {
    if isGone { throw .notFound(id.text) }
    try checkNotRestarting()
    if record.state.running == nil { throw notRunning(operation) }
  }

  private func notRunning(_ operation: String) -> ContainerError {
    operation == "kill"
      ? .conflict("cannot kill container: \(record.name): container \(id) is not running")
      : .conflict("container \(id) is not running")
  }
}

extension ContainerWait {
  /// - Parameter seconds: negative is for ever.
  /// - Returns: `nil` if the time is over first.
  func outcome(within seconds: Int) async throws -> WaitOutcome? {
    guard seconds >= 0 else { return try await outcome() }
    return try await withThrowingTaskGroup(of: WaitOutcome?.self) { group in
      group.addTask { try await outcome() }
      group.addTask {
        // The time limit itself; the other task hears of the end.
        try await Task.sleep(for: .seconds(seconds))
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }
}
