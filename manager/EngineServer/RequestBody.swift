package import NIOCore

/// The bytes of a request's body, read from the connection as they are asked for: nobody reading means that the client
/// waits. Can be read once.
package struct RequestBody: AsyncSequence, Sendable {
  private let source: @Sendable () async throws -> ByteBuffer?

  /// - Parameter next: the next piece, `nil` after the last one.
  package init(_ next: @escaping @Sendable () async throws -> ByteBuffer?) { source = next }

  /// An empty body.
  package init() { source = { nil } }

  package struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let source: @Sendable () async throws -> ByteBuffer?

    package mutating func next() async throws -> ByteBuffer? { try await source() }
  }

  package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: source) }

  /// The whole body in one buffer.
  /// - Throws: ``APIError`` 413 if it is longer than `limit` bytes.
  package func collect(limit: Int) async throws -> ByteBuffer {
    var whole = ByteBuffer()
    for try await var piece in self {
      guard whole.readableBytes + piece.readableBytes <= limit else {
        throw APIError(.payloadTooLarge, "request body is longer than \(limit) bytes")
      }
      whole.writeBuffer(&piece)
    }
    return whole
  }
}
