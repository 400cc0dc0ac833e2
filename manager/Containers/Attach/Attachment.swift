public import NIOCore

/// A client's place at a process's streams.
public struct Attachment: Sendable {
  enum Source: Sendable {
    case open(any ShimStream)
    case pending(AttachTicket)
  }

  let source: Source
  let selection: StreamSelection
  /// Of a terminal only; `nil`: nothing typed ends the attach.
  let detachKeys: DetachKeys?
  /// Whether the process has a terminal: then its output has no frames for clients.
  public let terminal: Bool
  /// Runs when the process has ended, before the client is told.
  var afterEnd: (@Sendable () async -> Void)?
  /// Runs when the client has typed the detach keys.
  var afterDetach: (@Sendable () async -> Void)?

  /// Passes bytes both ways until the process ends, the client detaches or either side goes away.
  /// - Parameter input: what the client sends; its end is passed on.
  /// - Parameter raw: whether output has no frames although there is no terminal.
  /// - Parameter output: is given frames, or raw bytes of a terminal, in order.
  public func run<Input: AsyncSequence & Sendable>(
    input: Input, raw: Bool = false, output: @escaping @Sendable (ByteBuffer) async throws -> Void
  ) async throws where Input.Element == ByteBuffer {
    let stream: any ShimStream =
      switch source {
      case .open(let stream): stream
      case .pending(let ticket): try await ticket.take()
      }
    switch try await pump(input: input, raw: raw || terminal, output: output, stream: stream) {
    case .outputEnded: await afterEnd?()
    case .detached: await afterDetach?()
    case .inputEnded: break
    }
  }

  /// - Returns: what ended it: the process, or this client's interest in it.
  private func pump<Input: AsyncSequence & Sendable>(
    input: Input, raw: Bool, output: @escaping @Sendable (ByteBuffer) async throws -> Void, stream: any ShimStream
  ) async throws -> PumpEvent where Input.Element == ByteBuffer {
    return try await withThrowingTaskGroup(of: PumpEvent.self) { group in
      group.addTask { try await forward(input, to: stream) ? .detached : .inputEnded }
      group.addTask {
        while let frame = try await stream.next() { try await output(raw ? frame.payload : frame.bytes) }
        return .outputEnded
      }
      defer { group.cancelAll() }
      while let event = try await group.next() {
        if event != .inputEnded { return event }
      }
      return .outputEnded
    }
  }

  /// - Returns: whether the client typed the detach keys.
  private func forward<Input: AsyncSequence & Sendable>(
    _ input: Input, to stream: any ShimStream
  ) async throws -> Bool where Input.Element == ByteBuffer {
    var keys = detachKeys
    for try await bytes in input where selection.stdin {
      let (passed, detached) = keys?.filter(bytes) ?? (bytes, false)
      if passed.readableBytes > 0 {
        // The process has ended, or closed its input: what it wrote last is still on its way to the client.
        do { try await stream.write(stdin: passed) } catch { return false }
      }
      if detached { return true }
    }
    if selection.stdin {
      // The same.
      try? await stream.finish()
    }
    return false
  }
}

private enum PumpEvent {
  case inputEnded, detached, outputEnded
}
