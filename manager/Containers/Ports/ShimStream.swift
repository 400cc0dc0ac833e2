public import NIOCore

/// An open attach stream of a shim.
public protocol ShimStream: Sendable {
  /// Runs `body` with both directions and closes the stream when it returns or throws. Called once.
  func run(_ body: @escaping @Sendable (any ShimStreamReader, any ShimStreamWriter) async throws -> Void) async throws
}

public protocol ShimStreamReader: Sendable {
  /// Hands out the output in order, and returns when the process has ended or the shim has cut this client off. Called once.
  func forEach(_ body: @Sendable (OutputFrame) async throws -> Void) async throws
}

public protocol ShimStreamWriter: Sendable {
  func write(stdin bytes: ByteBuffer) async throws
  /// The client has nothing more to say. What that means to the process is the shim's decision (`stdinOnce`).
  func finish() async throws
}

/// A piece of output as it came, header and payload: Docker's attach frame.
public struct OutputFrame: Sendable, Equatable {
  public var bytes: ByteBuffer

  public init(bytes: ByteBuffer) { self.bytes = bytes }

  /// Without the header, for clients of a terminal.
  public var payload: ByteBuffer {
    bytes.getSlice(at: bytes.readerIndex + 8, length: bytes.readableBytes - 8) ?? ByteBuffer()
  }
}
