internal import HTTPWire
internal import NIOCore

/// A hijacked connection on which both sides speak WebSocket.
struct WebSocketConnection: Sendable {
  /// The client closed the WebSocket: unlike a hijacked connection, it cannot listen on.
  struct Closed: Error {}

  private let connection: HijackedConnection
  /// Of what is sent.
  let opcode: WebSocketFrame.Opcode

  init(_ connection: HijackedConnection, _ opcode: WebSocketFrame.Opcode) {
    self.connection = connection
    self.opcode = opcode
  }

  /// Sends a message.
  func write(_ payload: ByteBuffer) async throws { try await connection.write(WebSocketFrame.bytes(opcode, payload)) }

  /// Sends bytes that are frames already.
  func write(frames: ByteBuffer) async throws { try await connection.write(frames) }

  /// Says that nothing more comes.
  func close() async throws { try await connection.write(WebSocketFrame.close(.normal)) }

  /// The payloads of what the client sends, in order. Pings are answered while it is read.
  var inbound: Inbound { Inbound(connection: connection) }

  struct Inbound: AsyncSequence, Sendable {
    fileprivate let connection: HijackedConnection

    struct AsyncIterator: AsyncIteratorProtocol {
      private let connection: HijackedConnection
      private var bytes: RequestBody.AsyncIterator
      private var decoder = WebSocketDecoder()

      fileprivate init(_ connection: HijackedConnection) {
        self.connection = connection
        bytes = connection.inbound.makeAsyncIterator()
      }

      /// - Throws: ``Closed``, also when the client is gone or speaks nonsense.
      mutating func next() async throws -> ByteBuffer? {
        while true {
          switch try await event() {
          case .data(let bytes): return bytes
          case .ping(let payload): try await connection.write(WebSocketFrame.bytes(.pong, payload))
          case .closed:
            try await connection.write(WebSocketFrame.close(.normal))
            throw Closed()
          }
        }
      }

      private mutating func event() async throws -> WebSocketDecoder.Event {
        do {
          while true {
            if let event = try decoder.next() { return event }
            guard let piece = try await bytes.next() else { throw Closed() }
            decoder.append(piece)
          }
        } catch let violation as WebSocketDecoder.Violation {
          try await connection.write(WebSocketFrame.close(.protocolError))
          throw violation
        }
      }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(connection) }
  }
}

extension Response {
  /// Sends `101 Switching Protocols`, and hands the WebSocket to `run`. What can fail with a status must have been done
  /// before. The connection is closed when `run` returns or throws.
  /// - Parameter headers: of ``WebSocketHandshake``.
  static func webSocket(
    _ headers: [(String, String)], _ opcode: WebSocketFrame.Opcode,
    _ run: @escaping @Sendable (WebSocketConnection) async throws -> Void
  ) -> Response {
    Response(
      .switchingProtocols, headers: .init(headers),
      body: .hijack { connection in
        let socket = WebSocketConnection(connection, opcode)
        try await run(socket)
        try await socket.close()
      })
  }
}
