internal import NIOCore
internal import ShimProtocol

/// An attach stream on a socket.
struct SocketStream: ShimStream {
  let connection: ShimConnection

  func next() async throws -> OutputFrame? {
    guard let bytes = try await connection.next() else { return nil }
    // What is not output is the event that closes the stream.
    guard let kind = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self),
      kind == Frame.Kind.stdout.rawValue || kind == Frame.Kind.stderr.rawValue
    else { return nil }
    return OutputFrame(bytes: bytes)
  }

  func write(stdin bytes: ByteBuffer) async throws {
    var rest = bytes
    while rest.readableBytes > 0,
      let piece = rest.readSlice(length: min(rest.readableBytes, Frame.Kind.stdin.limit))
    {
      var frame = ByteBuffer(bytes: Frame.header(.stdin, length: piece.readableBytes))
      frame.writeImmutableBuffer(piece)
      try await connection.channel.writeAndFlush(frame)
    }
  }

  func finish() async throws { try await connection.channel.close(mode: .output) }
}
