/// Bytes that are no HTTP/1.1 message, or one that exceeds a limit.
package enum HTTPSyntaxError: Error, Equatable {
  case malformed(String)
  /// The head is longer than accepted.
  case headTooLong(limit: Int)
  /// `HTTP/2.0`, `HTTP/0.9`.
  case unsupportedVersion(String)
  /// The connection ended inside a message.
  case truncated
}

extension HTTPSyntaxError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let what): "malformed HTTP message: \(what)"
    case .headTooLong(let limit): "the header of the HTTP message is longer than \(limit) bytes"
    case .unsupportedVersion(let version): "unsupported protocol version \"\(version)\""
    case .truncated: "the connection ended inside an HTTP message"
    }
  }
}
