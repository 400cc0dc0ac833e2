internal import NIOCore
internal import ShimProtocol

/// Hands out a connection's frames one by one, as they are asked for: nobody asking means that nothing more is read, and
/// that the shim notices, until it is told to read ahead. Lives on the event loop.
final class FrameReader: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var frames = CircularBuffer<ByteBuffer>()
  /// Bytes in `frames`.
  private var queued = 0
  private var isAhead = false
  private var waiter: EventLoopPromise<ByteBuffer?>?
  private var hasEnded = false
  private var failure: (any Error)?
  private var context: ChannelHandlerContext?

  /// Bytes that are read ahead at most: more than a shim keeps for a client.
  private static let bound = 8 << 20

  /// The next frame with its header, `nil` at the end. One caller at a time.
  func next(on eventLoop: any EventLoop) -> EventLoopFuture<ByteBuffer?> {
    let promise = eventLoop.makePromise(of: ByteBuffer?.self)
    if let frame = frames.popFirst() {
      queued -= frame.readableBytes
      readOn()
      promise.succeed(frame)
    } else if let failure {
      promise.fail(failure)
    } else if hasEnded {
      promise.succeed(nil)
    } else {
      waiter = promise
      context?.read()
    }
    return promise.futureResult
  }

  /// Reads what there is without being asked.
  func readAhead() {
    isAhead = true
    readOn()
  }

  private func readOn() {
    if isAhead, !hasEnded, queued < Self.bound { context?.read() }
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    end()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = Self.unwrapInboundIn(data)
    guard let waiter else {
      queued += frame.readableBytes
      return frames.append(frame)
    }
    self.waiter = nil
    waiter.succeed(frame)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    // What came was no whole frame.
    if waiter != nil { context.read() } else { readOn() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event { end() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The other side's going away is an end; what is no frame is an error.
    if error is FrameError { failure = error }
    end()
    context.close(promise: nil)
  }

  private func end() {
    hasEnded = true
    guard let waiter else { return }
    self.waiter = nil
    if let failure { waiter.fail(failure) } else { waiter.succeed(nil) }
  }
}
