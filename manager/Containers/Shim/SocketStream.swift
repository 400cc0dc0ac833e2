internal import NIOCore
internal import ShimProtocol

/// An attach stream on a socket.
struct SocketStream: ShimStream {
  let stream: NIOAsyncChannel<ByteBuffer, ByteBuffer>

  func run(
    _ body: @escaping @Sendable (any ShimStreamReader, any ShimStreamWriter) async throws -> Void
  ) async throws {
    try await stream.executeThenClose { inbound, outbound in
      try await body(Reader(inbound: inbound), Writer(outbound: outbound))
    }
  }

  private struct Reader: ShimStreamReader {
    let inbound: NIOAsyncChannelInboundStream<ByteBuffer>

    func forEach(_ body: @Sendable (OutputFrame) async throws -> Void) async throws {
      for try await bytes in inbound {
        // What is not output is the event that closes the stream.
        guard let kind = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self),
          kind == Frame.Kind.stdout.rawValue || kind == Frame.Kind.stderr.rawValue
        else { return }
        try await body(OutputFrame(bytes: bytes))
      }
    }
  }

  private struct Writer: ShimStreamWriter {
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    func write(stdin bytes: ByteBuffer) async throws {
      var rest = bytes
      while let piece = rest.readSlice(length: min(rest.readableBytes, Frame.Kind.stdin.limit)), piece.readableBytes > 0
      {
        var frame = ByteBuffer(bytes: Frame.header(.stdin, length: piece.readableBytes))
        frame.writeImmutableBuffer(piece)
        try await outbound.write(frame)
      }
    }

    func finish() async throws { outbound.finish() }
  }
}
