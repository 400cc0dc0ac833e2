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

  /// Passes bytes both ways until the process ends, the client detaches or either side goes away.
  /// - Parameter input: what the client sends; its end is passed on.
  /// - Parameter output: is given frames, or raw bytes of a terminal, in order.
  public func run<Input: AsyncSequence & Sendable>(
    input: Input, output: @escaping @Sendable (ByteBuffer) async throws -> Void
  ) async throws where Input.Element == ByteBuffer {
    let stream: any ShimStream =
      switch source {
      case .open(let stream): stream
      case .pending(let ticket): try await ticket.take()
      }
    try await stream.run { reader, writer in
      try await pump(input: input, output: output, reader: reader, writer: writer)
    }
  }

  private func pump<Input: AsyncSequence & Sendable>(
    input: Input, output: @escaping @Sendable (ByteBuffer) async throws -> Void, reader: any ShimStreamReader,
    writer: any ShimStreamWriter
  ) async throws where Input.Element == ByteBuffer {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      // True: nothing more is wanted, also of the output.
      group.addTask { try await forward(input, to: writer) }
      group.addTask { [terminal] in
        try await reader.forEach { frame in try await output(terminal ? frame.payload : frame.bytes) }
        return true
      }
      while let isOver = try await group.next(), !isOver {}
      group.cancelAll()
    }
  }

  /// - Returns: whether the client typed the detach keys.
  private func forward<Input: AsyncSequence & Sendable>(
    _ input: Input, to writer: any ShimStreamWriter
  ) async throws -> Bool where Input.Element == ByteBuffer {
    var keys = detachKeys
    for try await bytes in input where selection.stdin {
      guard let (passed, detached) = keys?.filter(bytes) else {
        try await writer.write(stdin: bytes)
        continue
      }
      if passed.readableBytes > 0 { try await writer.write(stdin: passed) }
      if detached { return true }
    }
    if selection.stdin { try await writer.finish() }
    return false
  }
}
