package import NIOCore
internal import Synchronization

/// A connection as two streams of bytes, each with backpressure and an end of its own. Reading is a pull: what nobody
/// asks for stays in the kernel, beyond a bound.
package final class ByteStream: Sendable {
  /// Bytes that may wait here before the kernel is asked for no more.
  static let capacity = 256 << 10

  fileprivate struct State {
    var pieces = CircularBuffer<ByteBuffer>()
    var size = 0
    var end: Result<Void, any Error>?
    var waiter: CheckedContinuation<ByteBuffer?, any Error>?
    /// Whether the channel wanted to read and was told to wait.
    var isReadWithheld = false
  }

  private let channel: any Channel
  private let state = Mutex(State())
  private let expiry: Expiry

  init(_ channel: any Channel) {
    self.channel = channel
    expiry = Expiry(channel)
  }

  package var eventLoop: any EventLoop { channel.eventLoop }

  /// Puts a stream at the end of the pipeline of `channel`, whose remote half-closure must be allowed. To be called on
  /// the channel's event loop.
  package static func install(on channel: any Channel) throws -> ByteStream {
    let stream = ByteStream(channel)
    try channel.pipeline.syncOperations.addHandler(ByteStreamHandler(stream))
    return stream
  }
}

// MARK: - Reading

extension ByteStream {
  /// The next bytes; `nil` when the peer will send no more. For one reader at a time.
  /// - Throws: when the connection failed, and `CancellationError`.
  package func next() async throws -> ByteBuffer? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (result, resumeReading) = state.withLock { state in
          let result = state.take()
          if result == nil { state.waiter = continuation }
          return (result, state.releaseRead())
        }
        if resumeReading { read() }
        if let result { continuation.resume(with: result) } else if Task.isCancelled { cancelWaiter() }
      }
    } onCancel: {
      cancelWaiter()
    }
  }

  private func cancelWaiter() {
    let waiter = state.withLock { $0.waiter.take() }
    waiter?.resume(throwing: CancellationError())
  }

  private func read() {
    let channel = channel
    channel.eventLoop.execute { channel.read() }
  }
}

extension ByteStream.State {
  /// What a reader gets now; `nil` if it must wait.
  fileprivate mutating func take() -> Result<ByteBuffer?, any Error>? {
    if let piece = pieces.popFirst() {
      size -= piece.readableBytes
      return .success(piece)
    }
    return end.map { $0.map { nil } }
  }

  fileprivate mutating func releaseRead() -> Bool {
    guard isReadWithheld, size < ByteStream.capacity else { return false }
    isReadWithheld = false
    return true
  }
}

// MARK: - Writing and closing

extension ByteStream {
  /// Returns when the kernel has taken all bytes.
  package func write(_ pieces: [ByteBuffer]) async throws {
    let channel = channel
    try await channel.eventLoop.flatSubmit {
      for piece in pieces.dropLast() { channel.write(piece, promise: nil) }
      return channel.writeAndFlush(pieces.last ?? ByteBuffer())
    }.get()
  }

  package func write(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes) }

  /// Closes the writing half: the peer reads an end, and may still send.
  package func finish() async throws {
    do { try await channel.close(mode: .output) } catch ChannelError.outputClosed, ChannelError.alreadyClosed {}
  }

  package func close() { channel.close(promise: nil) }

  /// Closes after `delay` unless this is called again before; `nil`: never.
  package func close(after delay: TimeAmount?) { expiry.set(delay) }

  /// Returns when both halves are closed.
  package func closed() async {
    do { try await channel.closeFuture.get() } catch {
      // The reason of a close is for readers and writers, who get it thrown.
    }
  }
}

// MARK: - The channel's side

extension ByteStream {
  func receive(_ piece: ByteBuffer) {
    let waiter = state.withLock { state -> CheckedContinuation<ByteBuffer?, any Error>? in
      if let waiter = state.waiter.take() { return waiter }
      state.pieces.append(piece)
      state.size += piece.readableBytes
      return nil
    }
    waiter?.resume(returning: piece)
  }

  func inactivated() {
    expiry.end()
    end(.success(()))
  }

  /// The first end counts.
  func end(_ result: Result<Void, any Error>) {
    let waiter = state.withLock { state -> CheckedContinuation<ByteBuffer?, any Error>? in
      guard state.end == nil else { return nil }
      state.end = result
      return state.waiter.take()
    }
    waiter?.resume(with: result.map { nil })
  }

  /// Whether the channel may read now; if not, it will be told when.
  func mayRead() -> Bool {
    state.withLock { state in
      state.isReadWithheld = state.size >= Self.capacity
      return !state.isReadWithheld
    }
  }
}

/// Carries events of a channel into its ``ByteStream``.
private final class ByteStreamHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer

  private let stream: ByteStream

  init(_ stream: ByteStream) { self.stream = stream }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { stream.receive(unwrapInboundIn(data)) }

  func read(context: ChannelHandlerContext) {
    if stream.mayRead() { context.read() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.inputClosed) = event as? ChannelEvent { stream.end(.success(())) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    stream.end(.failure(error))
    context.close(promise: nil)
  }

  // When both halves are closed, this is the only sign of the peer's end.
  func channelInactive(context: ChannelHandlerContext) { stream.inactivated() }
}
