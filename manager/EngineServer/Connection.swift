internal import HTTPWire
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import ServiceLifecycle

/// One client's connection: request after request, each answered before the next one is read.
struct Connection: Sendable {
  let stream: ByteStream
  let reader: MessageReader
  let router: Router
  let date: DateHeader
  let logger: Logger

  /// Returns when the connection is closed. A handler that is at work when the client disconnects is cancelled.
  func serve() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await exchanges()
        stream.close()
      }
      group.addTask {
        await withTaskCancellationHandler {
          await stream.closed()
        } onCancel: {
          stream.close()
        }
      }
      await group.next()
      group.cancelAll()
    }
  }

  private func exchanges() async {
    do {
      while let head = try await nextHead() {
        guard try await exchange(head) else {
          try await linger()
          return
        }
      }
    } catch let error as HTTPSyntaxError {
      await refuse(error)
    } catch {
      logger.debug("connection ended", metadata: ["reason": "\(error)"])
    }
  }

  /// The next request, if the client sends one before the server shuts down.
  private func nextHead() async throws -> HTTPRequestHead? {
    try await withGracefulShutdownHandler {
      try await reader.requestHead()
    } onGracefulShutdown: {
      stream.close()
    }
  }

  /// Answers one request.
  /// - Returns: whether another request may follow on this connection.
  private func exchange(_ head: HTTPRequestHead) async throws -> Bool {
    reader.beginBody(
      try head.bodyFraming(),
      invitation: head.expectsContinue ? ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n") : nil)
    let body = RequestBody { [reader] in try await reader.bodyPiece() }
    let response = await router.respond(to: head.method, head.uri, headers: head.headers, body: body)
    if case .hijack(let run) = response.body {
      try await hijack(head, response, run)
      return false
    }
    var isLast = !head.isKeepAlive || Task.isShuttingDownGracefully
    if case .stream = response.body {
      // Such a handler may read the request while it writes the answer; without chunks, the end of the connection is
      // the end of the answer.
      isLast = isLast || head.version == .http1_0
      try await ResponseSender(stream: stream, request: head, date: date, closes: isLast).send(response)
      return try await drain() && !isLast
    }
    isLast = try await !drain() || isLast
    try await ResponseSender(stream: stream, request: head, date: date, closes: isLast).send(response)
    return !isLast
  }

  /// Reads what the handler left of the body, up to a bound: it stands between us and the next request.
  private func drain() async throws -> Bool {
    guard !reader.isBodyUninvited else { return false }
    var rest = 256 << 10
    while !reader.isBodyDone, rest > 0 {
      guard let piece = try await reader.bodyPiece() else { break }
      rest -= piece.readableBytes
    }
    return reader.isBodyDone
  }

  private func hijack(
    _ head: HTTPRequestHead, _ response: Response, _ run: (HijackedConnection) async throws -> Void
  ) async throws {
    while try await reader.bodyPiece() != nil {}
    try await ResponseSender(stream: stream, request: head, date: date, closes: false).sendHijackHead(response)
    let connection = HijackedConnection(
      inbound: RequestBody { [reader] in try await reader.rawPiece() },
      write: { [stream] in try await stream.write($0) }, finish: { [stream] in try await stream.finish() })
    try await run(connection)
  }

  private func refuse(_ error: HTTPSyntaxError) async {
    let status: HTTPResponseStatus =
      switch error {
      case .headTooLong: .requestHeaderFieldsTooLarge
      case .unsupportedVersion: .httpVersionNotSupported
      case .malformed, .truncated: .badRequest
      }
    let request = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
    do {
      try await ResponseSender(stream: stream, request: request, date: date, closes: true)
        .send(.error(APIError(status, "\(error)")))
      try await linger()
    } catch {
      logger.debug("connection ended", metadata: ["reason": "\(error)"])
    }
  }

  /// Closes so that the client can still read our last words although it has not stopped sending.
  private func linger() async throws {
    try await stream.finish()
    stream.close(after: .milliseconds(500))
    while try await reader.rawPiece() != nil {}
  }
}

extension HTTPRequestHead {
  fileprivate var expectsContinue: Bool {
    guard headers.contains(name: "Expect") else { return false }
    return headers[canonicalForm: "Expect"].contains { $0.lowercased() == "100-continue" }
  }
}
