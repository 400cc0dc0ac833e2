internal import EngineAPI
internal import Hashing
internal import NIOHTTP1

/// The request that turns a connection into a WebSocket, and its answer (RFC 6455 §4.2).
enum WebSocketHandshake {
  private static let version = "13"
  private static let guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

  /// - Returns: the answer's headers.
  /// - Throws: ``APIError`` 400 in Docker's words for a request that is something else.
  static func accept(_ headers: HTTPHeaders) throws(APIError) -> HTTPHeaders {
    guard names("Upgrade", headers).contains("websocket"), names("Connection", headers).contains("upgrade") else {
      throw .invalidParameter("not websocket protocol")
    }
    guard headers["Sec-WebSocket-Version"] == [version] else {
      throw .invalidParameter("missing or bad WebSocket Version")
    }
    guard let key = headers.first(name: "Sec-WebSocket-Key"), Base64.decode(key)?.count == 16 else {
      throw .invalidParameter("challenge/response error")
    }
    return ["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": answer(to: key)]
  }

  static func answer(to key: String) -> String {
    Base64.encode(SHA1.hash(data: Array((key + guid).utf8)))
  }

  private static func names(_ header: String, _ headers: HTTPHeaders) -> [String] {
    headers[canonicalForm: header].map { $0.lowercased() }
  }
}
