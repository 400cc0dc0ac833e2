internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// What went wrong with a connection, for a person.
enum ConnectionFailure {
  static func text(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError: text(error)
    case let error as IOError: reason(error)
    case let error as HTTPClientError: text(error)
    case let error as HTTPParserError where error == .invalidEOFState: "unexpected EOF"
    case let error as NIOSSLError: "TLS: \(error)"
    default: "\(error)"
    }
  }

  /// The same for the first connection: an address that needs no look-up fails without being named.
  static func text(_ error: any Error, connectingTo origin: WebAddress.Origin) -> String {
    guard let error = error as? IOError else { return text(error) }
    return "dial tcp \(origin.host):\(origin.port): connect: \(reason(error))"
  }

  private static func text(_ error: NIOConnectionError) -> String {
    if let failure = error.connectionErrors.first {
      let reason = (failure.error as? IOError).map(reason) ?? "\(failure.error)"
      let address = failure.target.ipAddress.map { $0.contains(":") ? "[\($0)]" : $0 } ?? error.host
      return "dial tcp \(address):\(error.port): connect: \(reason)"
    }
    return "dial tcp: lookup \(error.host): no such host"
  }

  private static func text(_ error: HTTPClientError) -> String {
    switch error {
    case .readTimeout, .deadlineExceeded: "the registry stopped answering"
    case .connectTimeout: "the registry cannot be reached: timeout"
    case .remoteConnectionClosed: "the registry closed the connection"
    default: error.shortDescription
    }
  }

  private static func reason(_ error: IOError) -> String {
    switch error.errnoCode {
    case 111: "connection refused"
    case 104: "connection reset by peer"
    case 113: "no route to host"
    case 110: "connection timed out"
    default: error.description
    }
  }
}
