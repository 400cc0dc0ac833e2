internal import HTTPWire
internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// The body of a request.
enum RequestContent: Sendable {
  case none
  case json([UInt8])
  /// Sent in chunks as it comes; `nil` ends it.
  case stream(@Sendable () async throws -> ByteBuffer?)

  static func json(_ value: some JSONConvertible) -> RequestContent { .json(JSONWriter.bytes(value)) }

  func send(after head: HTTPRequestHead, on stream: ByteStream) async throws {
    var head = head
    var message = ByteBuffer()
    switch self {
    case .none:
      if head.method == .POST { head.headers.add(name: "Content-Length", value: "0") }
      message.writeHead(head)
      try await stream.write(message)
    case .json(let bytes):
      head.headers.add(name: "Content-Type", value: "application/json")
      head.headers.add(name: "Content-Length", value: "\(bytes.count)")
      message.writeHead(head)
      message.writeBytes(bytes)
      try await stream.write(message)
    case .stream(let next):
      head.headers.add(name: "Content-Type", value: "application/x-tar")
      head.headers.add(name: "Transfer-Encoding", value: "chunked")
      message.writeHead(head)
      try await stream.write(message)
      while let piece = try await next() {
        guard piece.readableBytes > 0 else { continue }
        try await stream.write(ByteBuffer.chunk(piece))
      }
      try await stream.write(.lastChunk)
    }
  }
}
