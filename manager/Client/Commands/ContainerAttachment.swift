internal import EngineAPI
internal import NIOHTTP1

/// The client's streams and signals at those of a container that there is: what `attach` and `start -a` share.
struct ContainerAttachment {
  let engine: EngineClient
  let container: ContainerInspectResponse
  let hasInput: Bool
  let hasOutput: Bool
  /// As the user wrote them, for the daemon.
  let detachKeys: String?
  let keys: DetachKeys
  let forwardsSignals: Bool

  /// Carries bytes until the container ends. Attach and wait come before `start`, so that neither a byte nor the exit is
  /// missed.
  /// - Parameter condition: of the wait: `not-running`, `next-exit` or `removed`.
  /// - Returns: what the client is to exit with; `nil` if the user detached.
  func run(until condition: String, start: @Sendable () async throws -> Void) async throws -> Int32? {
    let connection = try await engine.hijack(
      ("/containers/\(container.id)/attach" as RequestTarget).with("stream", true).with("stdin", hasInput)
        .with("stdout", hasOutput).with("stderr", hasOutput).with("detachKeys", detachKeys))
    let session = AttachSession(
      connection: connection, hasTerminal: container.config.tty, hasInput: hasInput, detachKeys: keys,
      resize: engine.resizer("/containers/\(container.id)/resize"),
      forward: forwardsSignals && !container.config.tty ? engine.forwarder(container.id) : nil)
    let exit: Answer
    do {
      let target: RequestTarget = "/containers/\(container.id)/wait"
      exit = try await engine.send(.POST, target.with("condition", condition))
    } catch {
      connection.close()
      throw error
    }
    defer { exit.close() }
    let end = try await session.run {
      try await start()
      if session.hasTerminal, let size = RawTerminal.size { try await session.resize(size.columns, size.rows) }
    }
    switch end {
    case .detached: return nil
    case .killed(let signal): return 128 + signal
    case .finished: return try await exit.exitStatus()
    }
  }
}

extension Answer {
  /// The exit code that `wait` answers.
  func exitStatus() async throws -> Int32 {
    let response: ContainerWaitResponse
    do { response = try await decode() } catch {
      throw ClientError.lostContainer("\(error)")
    }
    if let error = response.error { throw ClientError.failed(error.message) }
    return Int32(clamping: response.statusCode)
  }
}
