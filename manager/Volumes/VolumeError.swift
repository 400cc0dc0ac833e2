/// Why something about a volume was not done.
public enum VolumeError: Error, Equatable, Sendable {
  case notFound(String)
  case invalid(String)
  /// It is used by these containers.
  case inUse(name: String, containers: [String])
  case conflict(String)
  /// What a volume's options say could not be mounted.
  case failed(String)
  /// The server of what is to be mounted at `path` has a name that nobody has an address for.
  case unresolved(host: String, path: String, reason: String)
}

extension VolumeError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let name): "get \(name): no such volume"
    case .invalid(let reason), .conflict(let reason), .failed(let reason): reason
    case .inUse(let name, let containers):
      "remove \(name): volume is in use - [\(containers.joined(separator: ", "))]"
    case .unresolved(let host, let path, let reason):
      "error while mounting volume '\(path)': error resolving passed in network volume address: lookup \(host): \(reason)"
    }
  }
}
