/// Why the database did not do what it was asked.
public enum MetadataError: Error, Equatable, Sendable {
  /// The name belongs to another container.
  case nameInUse(name: String, owner: String)
  /// A record with this key is there already.
  case exists(SetAside.Kind, key: String)
  /// There is no record with this key.
  case notFound(SetAside.Kind, key: String)
  /// Another container holds the address on this network.
  case addressInUse(network: String, address: String, owner: String)
  /// The file cannot be used, and was left as it is.
  case cannotOpen(path: String, reason: String)
  /// SQLite refused; the transaction was rolled back.
  case failed(operation: String, reason: String)
}

extension MetadataError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .nameInUse(let name, let owner): "the container name \"\(name)\" is already in use by container \"\(owner)\""
    case .exists(let kind, let key): "\(kind.rawValue) \"\(key)\" exists already"
    case .notFound(let kind, let key): "no \(kind.rawValue) \"\(key)\""
    case .addressInUse(let network, let address, let owner):
      "address \(address) on network \"\(network)\" is already in use by container \"\(owner)\""
    case .cannotOpen(let path, let reason): "cannot open the database \(path): \(reason)"
    case .failed(let operation, let reason): "database, \(operation): \(reason)"
    }
  }
}
