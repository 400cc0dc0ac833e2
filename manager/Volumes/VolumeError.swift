/// Why something about a volume was not done.
public enum VolumeError: Error, Equatable, Sendable {
  case notFound(String)
  case invalid(String)
  /// It is used by these containers.
  case inUse(name: String, containers: [String])
  case conflict(String)
  /// What a volume's options say could not be mounted.
  case failed(String)
}

extension VolumeError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let name): "get \(name): no such volume"
    case .invalid(let reason), .conflict(let reason), .failed(let reason): reason
    case .inUse(let name, let containers):
      "remove \(name): volume is in use - [\(containers.joined(separator: ", "))]"
    }
  }
}
