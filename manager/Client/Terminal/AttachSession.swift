internal import struct NIOCore.ByteBuffer
internal import UnixSignals

/// The client's end of a hijacked stream: its terminal or pipes on one side, a container's process on the other.
struct AttachSession: Sendable {
  enum End: Equatable, Sendable {
    /// The process's output has ended.
    case finished
    /// The user typed the detach keys.
    case detached
    /// A signal ended the client.
    case killed(Int32)
  }

  let connection: Answer
  /// Whether the process has a terminal: then its output is not multiplexed, and the client's terminal is made raw.
  let hasTerminal: Bool
  /// Whether the client's input goes to the process.
  let hasInput: Bool
  let detachKeys: DetachKeys
  /// Tells the daemon the size of the client's terminal.
  let resize: @Sendable (_ columns: UInt16, _ rows: UInt16) async throws -> Void
  /// Passes a signal on to the process; `nil`: signals end the client.
  let forward: (@Sendable (_ signal: Int32) async throws -> Void)?

  /// Carries bytes, sizes and signals until one side ends. The terminal is as before when it returns or throws.
  /// - Parameter ready: is called when everything is in place, before the first byte is carried.
  func run(ready: @Sendable () async throws -> Void = {}) async throws -> End {
    let signals = await UnixSignalsSequence(
      trapping: .sigwinch, .sigint, .sigterm, .sighup, .sigquit, .sigusr1, .sigusr2)
    guard hasTerminal, hasInput, RawTerminal.isInputTerminal else { return try await carry(signals, ready) }
    return try await RawTerminal.run { try await carry(signals, ready) }
  }

  private func carry(_ signals: UnixSignalsSequence, _ ready: @Sendable () async throws -> Void) async throws -> End {
    try await ready()
    let input = hasInput ? try InputReader.standardInput() : nil
    return try await withThrowingTaskGroup(of: End?.self) { group in
      group.addTask { try await carryOutput() }
      group.addTask { try await carrySignals(signals) }
      group.addTask { try await carryInput(input) }
      defer {
        group.cancelAll()
        connection.close()
      }
      while let end = try await group.next() {
        if let end { return end }
      }
      return .finished
    }
  }

  private func carryOutput() async throws -> End {
    var frames = FrameDecoder()
    while let piece = try await connection.next() {
      guard !hasTerminal else {
        try await StandardOutput.output.write(Array(piece.readableBytesView))
        continue
      }
      for (stream, bytes) in try frames.feed(piece.readableBytesView) {
        try await (stream == .output ? StandardOutput.output : .errors).write(bytes)
      }
    }
    return .finished
  }

  /// - Returns: `nil` when the input has ended, which does not end the session.
  private func carryInput(_ input: InputReader?) async throws -> End? {
    var keys = DetachKeyMatcher(detachKeys)
    while let piece = try await input?.next() {
      guard hasTerminal else {
        try await connection.stream.write(piece)
        continue
      }
      let (output, isDetached) = keys.feed(piece.readableBytesView)
      if !output.isEmpty { try await connection.stream.write(ByteBuffer(bytes: output)) }
      if isDetached { return .detached }
    }
    try await connection.stream.finish()
    return nil
  }

  private func carrySignals(_ signals: UnixSignalsSequence) async throws -> End? {
    for await signal in signals {
      if signal == .sigwinch {
        guard hasTerminal, let size = RawTerminal.size else { continue }
        try await resize(size.columns, size.rows)
      } else if let forward {
        try await forward(signal.rawValue)
      } else {
        return .killed(signal.rawValue)
      }
    }
    return nil
  }
}
