internal import EngineAPI
internal import NIOHTTP1

/// `proa run`: create, attach, wait, start, carry bytes, report the exit code. Attach and wait come before start, so that
/// neither a byte nor the exit is missed.
struct ContainerRun {
  let engine: EngineClient
  let creation: ContainerCreation
  let detachment: DetachOptions
  let keys: DetachKeys
  let proxiesSignals: Bool

  /// - Returns: what the client is to exit with.
  func run() async throws -> Int32 {
    if creation.options.attached.input { try RawTerminal.require(for: creation.options.process) }
    let id = try await creation.create(engine)
    guard !detachment.detach else {
      try await engine.perform(.POST, "/containers/\(id)/start")
      try await StandardOutput.output.writeLine(id)
      return 0
    }
    let session = try await session(id)
    let condition = creation.options.container.remove ? "removed" : "next-exit"
    let exit: Answer
    do {
      let target: RequestTarget = "/containers/\(id)/wait"
      exit = try await engine.send(.POST, target.with("condition", condition))
    } catch {
      session.connection.close()
      throw error
    }
    defer { exit.close() }
    let end = try await session.run {
      try await engine.perform(.POST, "/containers/\(id)/start")
      if session.hasTerminal, let size = RawTerminal.size { try await session.resize(size.columns, size.rows) }
    }
    switch end {
    case .detached: return 0
    case .killed(let signal): return 128 + signal
    case .finished: return try await exit.exitStatus()
    }
  }

  private func session(_ id: String) async throws -> AttachSession {
    let attached = creation.options.attached
    let target = ("/containers/\(id)/attach" as RequestTarget).with("stream", true).with("stdin", attached.input)
      .with("stdout", attached.output).with("stderr", attached.errors)
      .with("detachKeys", detachment.detachKeys)
    let hasTerminal = creation.options.process.tty
    let forwards = proxiesSignals && !hasTerminal
    return AttachSession(
      connection: try await engine.hijack(target), hasTerminal: hasTerminal, hasInput: attached.input,
      detachKeys: keys, resize: engine.resizer("/containers/\(id)/resize"),
      forward: forwards ? engine.forwarder(id) : nil)
  }

  /// 127: the command was not found, 126: it could not be executed, 125: everything else that is not the container's.
  static func exitCode(for error: any Error) -> Int32 {
    if case ClientError.tooFewArguments = error { return 1 }
    let message = "\(error)"
    guard message.hasPrefix("Error response from daemon:") else { return 125 }
    if message.contains("executable file not found") || message.contains("no such file or directory") { return 127 }
    if message.contains("permission denied") || message.contains("is a directory") { return 126 }
    return 125
  }
}

extension EngineClient {
  /// Tells the daemon a terminal's size; a process that has just ended has no terminal any more, which is no failure.
  func resizer(_ target: RequestTarget) -> @Sendable (UInt16, UInt16) async throws -> Void {
    { columns, rows in
      do {
        try await perform(.POST, target.with("h", "\(rows)").with("w", "\(columns)"))
      } catch ClientError.daemon {}
    }
  }

  /// Passes signals on to a container; one that has just ended takes none, which is no failure.
  func forwarder(_ id: String) -> @Sendable (Int32) async throws -> Void {
    { signal in
      do {
        let target: RequestTarget = "/containers/\(id)/kill"
        try await perform(.POST, target.with("signal", "\(signal)"))
      } catch ClientError.daemon {}
    }
  }
}
