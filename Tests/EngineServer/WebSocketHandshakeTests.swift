import Testing

@testable import EngineServer

@Suite struct WebSocketHandshakeTests {
  /// RFC 6455 §1.3
  @Test func answersTheChallengeAsTheStandardDoes() {
    #expect(WebSocketHandshake.answer(to: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
  }

  @Test(
    arguments: [
      ([:], "not websocket protocol"), (["Upgrade": "tcp", "Connection": "Upgrade"], "not websocket protocol"),
      (["Upgrade": "websocket", "Connection": "close"], "not websocket protocol"),
      (["Upgrade": "WebSocket", "Connection": "keep-alive, Upgrade"], "missing or bad WebSocket Version"),
      (
        ["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "YQ=="],
        "challenge/response error"
      ),
    ] as [([String: String], String)])
  func otherRequestsAreRefused(headers: [String: String], message: String) {
    let error = #expect(throws: APIError.self) { try WebSocketHandshake.accept(.init(headers.map { $0 })) }
    #expect(error?.message == message)
  }
}
