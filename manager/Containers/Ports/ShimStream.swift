public import NIOCore

/// An open attach stream of a shim. Closed when nobody holds it any more.
public protocol ShimStream: Sendable {
  /// The next piece of output; `nil` when the process has ended, or the shim has cut this client off. One caller at a time.
  func next() async throws -> OutputFrame?
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
