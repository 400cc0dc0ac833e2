internal import EngineAPI
package import JSON
package import NIOCore
package import NIOHTTP1

/// What a handler answers.
package struct Response: Sendable {
  package enum Body: Sendable {
    case empty
    case bytes(ByteBuffer)
    /// Written piece by piece while the client reads; the connection is cut if it throws.
    case stream(@Sendable (ResponseWriter) async throws -> Void)
    /// The connection stops being HTTP: ``HijackedConnection``.
    case hijack(@Sendable (HijackedConnection) async throws -> Void)
  }

  package var status: HTTPResponseStatus
  package var headers: HTTPHeaders
  package var body: Body

  package init(_ status: HTTPResponseStatus, headers: HTTPHeaders = [:], body: Body = .empty) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

extension Response {
  /// A JSON value and a line end, as Docker writes it.
  package static func json(_ value: some JSONConvertible, status: HTTPResponseStatus = .ok) -> Response {
    .json(encoded: JSONWriter.bytes(value), status: status)
  }

  /// JSON that was encoded before.
  package static func json(encoded bytes: [UInt8], status: HTTPResponseStatus = .ok) -> Response {
    var buffer = ByteBuffer(bytes: bytes)
    buffer.writeInteger(UInt8(ascii: "\n"))
    return .bytes(buffer, contentType: "application/json", status: status)
  }

  package static func bytes(
    _ bytes: ByteBuffer, contentType: String, status: HTTPResponseStatus = .ok
  ) -> Response {
    Response(status, headers: ["Content-Type": contentType], body: .bytes(bytes))
  }

  package static func empty(_ status: HTTPResponseStatus = .noContent) -> Response { Response(status) }

  /// Sends the head at once and then what `write` writes. What can fail with a status must have been done before.
  package static func stream(
    contentType: String, _ write: @escaping @Sendable (ResponseWriter) async throws -> Void
  ) -> Response {
    Response(.ok, headers: ["Content-Type": contentType], body: .stream(write))
  }

  package static func stream<Pieces: AsyncSequence & Sendable>(contentType: String, _ pieces: Pieces) -> Response
  where Pieces.Element == ByteBuffer {
    .stream(contentType: contentType) { writer in
      for try await piece in pieces { try await writer.write(piece) }
    }
  }

  /// Sends `101 UPGRADED` if the client asked for an upgrade, else `200 OK`, and hands the connection to `run`. What can
  /// fail with a status must have been done before. The connection is closed when `run` returns or throws, and its task
  /// is cancelled when the client disconnects.
  package static func hijack(
    contentType: String, _ run: @escaping @Sendable (HijackedConnection) async throws -> Void
  ) -> Response {
    Response(.ok, headers: ["Content-Type": contentType], body: .hijack(run))
  }

  /// An error for clients that do not expect JSON.
  static func plainText(_ error: APIError) -> Response {
    var response = Response.bytes(
      ByteBuffer(string: error.message + "\n"), contentType: "text/plain; charset=utf-8", status: error.status)
    response.headers.add(name: "X-Content-Type-Options", value: "nosniff")
    return response
  }

  package static func error(_ error: APIError) -> Response {
    if error.status == .notModified { return .empty(.notModified) }
    return .json(ErrorResponse(message: error.message), status: error.status)
  }
}

/// Where a streaming response writes its body.
package struct ResponseWriter: Sendable {
  private let sink: @Sendable (ByteBuffer) async throws -> Void

  package init(_ sink: @escaping @Sendable (ByteBuffer) async throws -> Void) { self.sink = sink }

  /// Returns when the kernel has taken the bytes: a slow client makes this wait.
  /// - Throws: when the client is gone.
  package func write(_ bytes: ByteBuffer) async throws { try await sink(bytes) }
}
