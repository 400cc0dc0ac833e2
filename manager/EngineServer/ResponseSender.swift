internal import HTTPWire
internal import NIOCore
internal import NIOHTTP1

/// Puts a response on the wire.
struct ResponseSender {
  let stream: ByteStream
  let request: HTTPRequestHead
  let date: DateHeader
  /// Whether this is the connection's last response.
  let closes: Bool

  func send(_ response: Response) async throws {
    switch response.body {
    case .empty: try await sendWhole(response, ByteBuffer())
    case .bytes(let bytes): try await sendWhole(response, bytes)
    case .stream(let write): try await sendStream(response, write)
    case .hijack: preconditionFailure("hijacking responses are sent by sendHijackHead")
    }
  }

  private func sendWhole(_ response: Response, _ body: ByteBuffer) async throws {
    var headers = response.headers
    if response.status.mayHaveResponseBody || request.method == .HEAD {
      headers.replaceOrAdd(name: "Content-Length", value: "\(body.readableBytes)")
    }
    var message = head(response.status, headers)
    if request.method != .HEAD, response.status.mayHaveResponseBody { message.writeImmutableBuffer(body) }
    try await stream.write(message)
  }

  private func sendStream(
    _ response: Response, _ write: @Sendable (ResponseWriter) async throws -> Void
  ) async throws {
    var headers = response.headers
    let isChunked = request.version != .http1_0
    if isChunked { headers.replaceOrAdd(name: "Transfer-Encoding", value: "chunked") }
    try await stream.write(head(response.status, headers))
    guard request.method != .HEAD else { return }
    let stream = stream
    try await write(
      ResponseWriter { piece in
        // An empty chunk would end the body.
        guard piece.readableBytes > 0 else { return }
        try await stream.write(isChunked ? ByteBuffer.chunk(piece) : [piece])
      })
    if isChunked { try await stream.write(.lastChunk) }
  }

  /// The head after which the connection is raw bytes (Engine API, ContainerAttach §Hijacking).
  func sendHijackHead(_ response: Response) async throws {
    // A WebSocket's answer is complete as it is.
    guard response.status != .switchingProtocols else {
      var message = ByteBuffer()
      let headers = response.headers.filter { ["Upgrade", "Connection", "Sec-WebSocket-Accept"].contains($0.name) }
      message.writeHead(HTTPResponseHead(version: .http1_1, status: response.status, headers: HTTPHeaders(headers)))
      return try await stream.write(message)
    }
    var headers: HTTPHeaders = ["Content-Type": response.headers.first(name: "Content-Type") ?? ""]
    var status = HTTPResponseStatus.ok
    if request.headers.contains(name: "Upgrade") {
      status = .custom(code: 101, reasonPhrase: "UPGRADED")
      headers.add(name: "Connection", value: "Upgrade")
      headers.add(name: "Upgrade", value: "tcp")
    }
    var message = ByteBuffer()
    message.writeHead(HTTPResponseHead(version: .http1_1, status: status, headers: headers))
    try await stream.write(message)
  }

  private func head(_ status: HTTPResponseStatus, _ headers: HTTPHeaders) -> ByteBuffer {
    var headers = headers
    if closes {
      headers.replaceOrAdd(name: "Connection", value: "close")
    } else if request.version == .http1_0 {
      headers.replaceOrAdd(name: "Connection", value: "keep-alive")
    }
    headers.add(name: "Date", value: date.value())
    var message = ByteBuffer()
    // A client of HTTP/1.0 is answered in kind, as Docker does it.
    message.writeHead(HTTPResponseHead(version: request.version, status: status, headers: headers))
    return message
  }
}
