/// Where the server listens: the value of `-H`.
package enum ListenAddress: Equatable, Sendable {
  /// The path of a unix socket.
  case unix(String)

  /// - Parameter text: `unix:///run/proa/proa.sock`.
  /// - Throws: ``ListenError`` for anything else.
  package init(_ text: String) throws(ListenError) {
    let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw .invalidAddress(text) }
    switch parts[0] {
    case "unix":
      guard parts[1].hasPrefix("/"), parts[1].count > 1 else { throw .invalidAddress(text) }
      self = .unix(String(parts[1]))
    case "tcp", "fd", "npipe", "ssh": throw .unsupportedScheme(String(parts[0]))
    default: throw .invalidAddress(text)
    }
  }
}

extension ListenAddress {
  var path: String {
    switch self {
    case .unix(let path): path
    }
  }
}

/// Why the server does not listen.
package enum ListenError: Error, Equatable {
  case invalidAddress(String)
  case unsupportedScheme(String)
  case notASocket(path: String)
  case inUse(path: String)
  case system(path: String, reason: String)
}

extension ListenError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .invalidAddress(let text): "cannot listen on \"\(text)\": expected unix:///absolute/path"
    case .unsupportedScheme(let scheme): "cannot listen on \(scheme)://: only unix:// is supported yet"
    case .notASocket(let path):
      "cannot listen on \(path): there is a file that is no socket; remove it or choose another -H"
    case .inUse(let path): "cannot listen on \(path): another process listens there"
    case .system(let path, let reason): "cannot listen on \(path): \(reason)"
    }
  }
}
