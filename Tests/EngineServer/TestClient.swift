import HTTPWire
import NIOCore
import NIOHTTP1

/// One connection to a ``TestServer``, spoken to in plain text.
struct TestClient {
  let stream: ByteStream
  let reader: MessageReader

  struct Answer: Equatable {
    var status: Int
    var headers: HTTPHeaders
    var body: String
  }

  func send(_ text: String) async throws { try await stream.write(ByteBuffer(string: text)) }

  /// The next answer, whole; `nil` if the server closed instead.
  func answer(to method: HTTPMethod = .GET) async throws -> Answer? {
    guard let head = try await reader.responseHead() else { return nil }
    reader.beginBody(try head.bodyFraming(answering: method))
    var body = ""
    while let piece = try await reader.bodyPiece() { body += String(buffer: piece) }
    return Answer(status: Int(head.status.code), headers: head.headers, body: body)
  }

  func get(_ target: String) async throws -> Answer? {
    try await send("GET \(target) HTTP/1.1\r\nHost: docker\r\n\r\n")
    return try await answer()
  }

  /// Everything up to the end of the stream.
  func rest() async throws -> String {
    var text = ""
    while let piece = try await reader.rawPiece() { text += String(buffer: piece) }
    return text
  }

  func close() { stream.close() }
}
