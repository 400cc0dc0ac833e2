package import NIOHTTP1

/// How the end of a message's body is found (RFC 9112 §6).
package enum BodyFraming: Equatable, Sendable {
  case none
  /// Bytes.
  case length(Int)
  case chunked
  /// A response without framing lasts as long as the connection.
  case untilClose
}

extension HTTPRequestHead {
  /// - Throws: ``HTTPSyntaxError`` where two readers could disagree, as with both a length and chunks.
  package func bodyFraming() throws(HTTPSyntaxError) -> BodyFraming { try headers.bodyFraming() ?? .none }
}

extension HTTPResponseHead {
  /// - Parameter method: that of the request.
  package func bodyFraming(answering method: HTTPMethod) throws(HTTPSyntaxError) -> BodyFraming {
    if method == .HEAD || status.code < 200 || status.code == 204 || status.code == 304 { return .none }
    return try headers.bodyFraming() ?? .untilClose
  }
}

extension HTTPHeaders {
  fileprivate func bodyFraming() throws(HTTPSyntaxError) -> BodyFraming? {
    guard contains(name: "Transfer-Encoding") || contains(name: "Content-Length") else { return nil }
    let codings = self[canonicalForm: "Transfer-Encoding"]
    let lengths = Set(self["Content-Length"])
    guard codings.isEmpty || lengths.isEmpty else { throw .malformed("both Transfer-Encoding and Content-Length") }
    if !codings.isEmpty {
      guard codings.count == 1, codings[0].lowercased() == "chunked" else {
        throw .malformed("Transfer-Encoding other than chunked")
      }
      return .chunked
    }
    guard let text = lengths.first else { return nil }
    guard lengths.count == 1, text.utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(text) else {
      throw .malformed("Content-Length")
    }
    return length == 0 ? BodyFraming.none : .length(length)
  }
}
