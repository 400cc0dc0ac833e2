internal import JSON
internal import NIOCore
internal import ShimProtocol

/// Takes the first frame of a connection, the reply to its one request, out of the stream; the rest passes.
final class ReplyHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private var promise: EventLoopPromise<ShimReply>?

  init(_ promise: EventLoopPromise<ShimReply>) { self.promise = promise }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let promise else { return context.fireChannelRead(data) }
    self.promise = nil
    let frame = Self.unwrapInboundIn(data)
    promise.completeWith(Result { try Self.reply(in: frame) })
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail("\(error)")
    context.fireErrorCaught(error)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail("it closed the connection")
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { fail("the connection was closed") }

  private func fail(_ reason: String) {
    promise?.fail(ShimUnreachable(reason))
    promise = nil
  }

  private static func reply(in frame: ByteBuffer) throws -> ShimReply {
    let payload = OutputFrame(bytes: frame).payload
    guard frame.getInteger(at: frame.readerIndex, as: UInt8.self) == Frame.Kind.reply.rawValue else {
      throw ShimUnreachable("it sent something else than a reply")
    }
    let reply = try ShimReply(jsonText: Array(payload.readableBytesView))
    if case .failure(let failure) = reply { throw failure }
    return reply
  }
}
