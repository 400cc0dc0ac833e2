internal import LinuxKernel
internal import Logging

/// Networks whose interfaces stand on one of the host.
extension NetworkService {
  /// The network with its parent, which is there or can be made; as it was if it has a bridge.
  /// - Throws: ``NetworkError`` in Docker's words.
  func placedOnParent(_ network: Network, _ driver: DriverOptions) async throws -> Network {
    guard case .parent(_, let options) = driver else { return network }
    var placed = network
    placed.parent = options.parent.isEmpty ? network.isolatedParent : options.parent
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
      guard let link = other.parentOptions?.link else { continue }
      guard options.link.goes(with: link) else {
        let name = "\(other.network.driver == .ipvlan ? "di" : "dm")-\(other.network.id.prefix(12))"
        throw .forbidden("network \(name) is already using parent interface \(network.parent)")
      }
      if options.link.isAlone {
        throw .forbidden(
          "cannot use mode passthru, macvlan network \(other.network.id) is already using parent interface "
            + network.parent)
      }
      if link.isAlone {
        throw .forbidden(
          "macvlan network \(other.network.id) is already using parent interface \(network.parent) in mode passthru")
      }
    }
  }

  /// Whether another network stands on the same interface, and stays there.
  func sharesParent(_ network: Network) -> Bool {
    !network.parent.isEmpty
      && networks.values.contains {
        $0.network.id != network.id && $0.network.parent == network.parent && $0.phase != .removing
      }
  }

  /// Takes back the parent of a network that could not be made, which whoever shared it meanwhile has left to it.
  func removeParent(of key: String) async {
    guard let managed = networks[key], managed.network.hasMadeParent else { return }
    networks[key]?.phase = .removing
    guard !sharesParent(managed.network) else { return }
    do {
      let segment = try segment(of: managed)
      _ = try await blocking { try segment.remove() }
    } catch { logger.error("the parent interface \(managed.network.parent) of no network stays: \(error)") }
  }

  /// Refuses what there is but once on an interface of the host and somebody has. One that has ended is waited for instead.
  /// - Throws: ``NetworkError/forbidden(_:)`` with the container's identifier.
  func checkNeighbours(of endpoint: Endpoint, on managed: ManagedNetwork) throws(NetworkError) {
    guard let link = managed.parentOptions?.link, link.hasOwnAddress else { return }
    let (parent, address) = (managed.network.parent, endpoint.macAddress)
    let neighbours = endpoints.values.joined().filter {
      networks[$0.network]?.network.parent == parent && !leftovers.contains($0.id)
    }
    if link.isAlone, let other = neighbours.first {
      throw .forbidden(
        "container \(other.containerID.prefix(12)) has the parent interface \(parent) for itself (mode passthru)")
    }
    if let other = neighbours.first(where: { $0.macAddress == address }) {
      throw .forbidden(
        "container \(other.containerID.prefix(12)) has the address \(address) on the parent interface \(parent)")
    }
  }

  /// Whether two networks stand on the same interface.
  func standsWith(_ one: Endpoint, _ other: Endpoint) -> Bool {
    guard let parent = networks[one.network]?.network.parent, !parent.isEmpty else { return false }
    return parent == networks[other.network]?.network.parent
  }

  /// Nil for an endpoint whose network has another kind of segment, or is gone.
  func parentInterface(of endpoint: Endpoint) throws(NetworkError) -> ParentInterface? {
    guard let managed = networks[endpoint.network], case .parent(let parent) = try segment(of: managed) else {
      return nil
    }
    return parent
  }
}

extension ParentInterface? {
  /// Takes back the interface of a container that is gone. Whoever has its namespace now, nothing else may be kept from being taken
  /// back. Blocks.
  /// - Parameter pid: a process in that namespace, nil if that is gone, too.
  func takeBack(_ endpoint: Endpoint, pid: Int32?, _ logger: Logger) throws {
    try ContainerLink.delete(endpoint.hostInterface)
    guard let self, let pid else { return }
    do { try self.disconnect(endpoint, pid: pid, staysOn: false) } catch {
      logger.error("\(endpoint.interface) of container \(endpoint.containerID) stays with process \(pid): \(error)")
    }
  }
}
