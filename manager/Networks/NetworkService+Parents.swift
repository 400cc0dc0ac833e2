internal import LinuxKernel

/// Networks whose interfaces stand on one of the host.
extension NetworkService {
  /// The network with its parent, which is there or can be made; as it was if it has a bridge.
  /// - Throws: ``NetworkError`` in Docker's words.
  func placedOnParent(_ network: Network, _ driver: DriverOptions) async throws -> Network {
    guard case .parent(_, let options) = driver else { return network }
    var placed = network
    // As with Docker, an internal network has nothing to do with the wire, whatever its parent was to be.
    placed.parent = options.parent.isEmpty || network.isInternal ? network.isolatedParent : options.parent
    let name = placed.parent
    let isThere = try await blocking {
      try ParentInterface.check(options.link)
      return try ParentInterface.isThere(name)
    }
    placed.hasMadeParent =
      !isThere || networks.values.contains { $0.network.parent == name && $0.network.hasMadeParent }
    if !isThere, name != network.isolatedParent { try await checkOrigin(of: name) }
    try checkAlone(placed, options)
    networks[network.key] = try ManagedNetwork(placed, .making)
    return placed
  }

  private func checkOrigin(of name: String) async throws {
    guard case .vlan(let below, _) = try ParentInterface.origin(of: name) else { return }
    guard try await blocking({ try ParentInterface.isThere(below) }) else { throw ParentInterface.missing(below) }
  }

  private func checkAlone(_ network: Network, _ options: ParentOptions) throws(NetworkError) {
    for other in networks.values where other.network.id != network.id && other.network.parent == network.parent {
      if options.link.isAlone {
        throw .forbidden(
          "cannot use mode passthru, macvlan network \(other.network.id) is already using parent interface "
            + network.parent)
      }
      if other.parentOptions?.link.isAlone == true {
        throw .forbidden(
          "macvlan network \(other.network.id) is already using parent interface \(network.parent) in mode passthru")
      }
    }
  }

  /// Whether another network stands on the same interface.
  func sharesParent(_ network: Network) -> Bool {
    !network.parent.isEmpty
      && networks.values.contains { $0.network.id != network.id && $0.network.parent == network.parent }
  }
}
