internal import EngineAPI
internal import HTTPWire
internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// An answer of the daemon, of which the head was read.
struct Answer: Sendable {
  let head: HTTPResponseHead
  let stream: ByteStream
  let reader: MessageReader

  /// The next piece of the body, or of what follows `101 UPGRADED`; `nil` at its end.
  func next() async throws -> ByteBuffer? {
    try await head.status.code == 101 ? reader.rawPiece() : reader.bodyPiece()
  }

  /// The whole body.
  func collect() async throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let piece = try await reader.bodyPiece() {
      guard bytes.count + piece.readableBytes <= EngineClient.answerLimit else {
        throw ClientError.unexpectedAnswer("it is longer than \(EngineClient.answerLimit) bytes")
      }
      bytes.append(contentsOf: piece.readableBytesView)
    }
    return bytes
  }

  func decode<Value: JSONConvertible>(_ type: Value.Type = Value.self) async throws -> Value {
    let bytes = try await collect()
    do { return try Value(jsonText: bytes) } catch { throw ClientError.unexpectedAnswer("\(error)") }
  }

  /// The body piece by piece.
  func pieces() -> AnswerPieces { AnswerPieces(answer: self) }

  /// The values of a body that is a stream of JSON texts, a line each.
  func lines() -> JSONLines { JSONLines(answer: self) }

  /// - Throws: ``ClientError/daemon(status:message:)`` if the status is an error.
  func checkStatus() async throws {
    guard head.status.code >= 400 else { return }
    defer { close() }
    let bytes = try await collect()
    let message: String
    do { message = try ErrorResponse(jsonText: bytes).message } catch {
      message = String(decoding: bytes, as: UTF8.self)
    }
    throw ClientError.daemon(status: Int(head.status.code), message: message)
  }

  func close() { stream.close() }
}

/// The body of an answer.
struct AnswerPieces: AsyncSequence, Sendable {
  let answer: Answer

  struct AsyncIterator: AsyncIteratorProtocol {
    let answer: Answer

    func next() async throws -> ByteBuffer? { try await answer.next() }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(answer: answer) }
}

/// The lines of an answer, each a JSON text.
struct JSONLines: AsyncSequence {
  let answer: Answer

  struct AsyncIterator: AsyncIteratorProtocol {
    let answer: Answer
    var rest: [UInt8] = []
    var hasEnded = false

    mutating func next() async throws -> JSONValue? {
      while true {
        if let end = rest.firstIndex(of: 0x0A) {
          let line = Array(rest[..<end])
          rest.removeSubrange(...end)
          if let value = try Self.value(line) { return value }
        } else if hasEnded {
          defer { rest = [] }
          return try Self.value(rest)
        } else if let piece = try await answer.next() {
          rest.append(contentsOf: piece.readableBytesView)
        } else {
          hasEnded = true
        }
      }
    }

    private static func value(_ line: [UInt8]) throws -> JSONValue? {
      guard line.contains(where: { $0 > 0x20 }) else { return nil }
      return try JSONReader.read(line)
    }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(answer: answer) }
}
