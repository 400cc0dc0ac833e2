internal import NIOCore
internal import ShimProtocol

/// Cuts the shim's bytes into frames without copying them; keeps the eight-byte header on each.
struct FrameCutter: ByteToMessageDecoder {
  typealias InboundOut = ByteBuffer

  mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
    guard let header = buffer.getInteger(at: buffer.readerIndex, as: UInt64.self) else { return .needMoreData }
    let length = Int(header & 0xFFFF_FFFF)
    guard let kind = Frame.Kind(rawValue: UInt8(header >> 56)) else {
      throw FrameError.unknownKind(UInt8(header >> 56))
    }
    guard header >> 32 & 0xFF_FFFF == 0 else { throw FrameError.reservedBytes }
    guard length <= kind.limit else { throw FrameError.tooLong(kind: kind, length: length) }
    guard let frame = buffer.readSlice(length: Frame.headerSize + length) else { return .needMoreData }
    context.fireChannelRead(wrapInboundOut(frame))
    return .continue
  }

  mutating func decodeLast(
    context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
  ) throws -> DecodingState { try decode(context: context, buffer: &buffer) }
}
