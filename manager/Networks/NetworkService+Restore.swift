internal import LinuxKernel

extension NetworkService {
  /// Makes the bridges or adopts them, and puts the state of all containers that are still alive in place: their addresses, port
  /// reservations and rules. What belongs to any other container is removed. Call it once, before anything else.
  /// - Parameters:
  ///   - live: the ids of the containers whose process exists.
  ///   - processes: by the ids of containers, a process in the network namespace of each; of one that is gone, that of another
  ///     container which shares it.
  public func restore(live: Set<String>, processes: [String: Int32] = [:]) async throws {
    try await load()
    let known = try await store.endpoints()
    let alive = known.filter { live.contains($0.containerID) && networks[$0.network] != nil }
    try checkDefaultIPv6(alive)
    try await restoreSegments(inUse: Set(alive.map(\.network)))
    for endpoint in known where !alive.contains(endpoint) {
      try await forget(endpoint, processes[endpoint.containerID])
    }
    for endpoint in alive { try await readopt(endpoint, processes[endpoint.containerID], among: alive) }
    try await restoreGateways()
    try await removeStrays()
    let all = networks.values.map(\.network)
    try await blocking { [nameTables] in try nameTables.begin(with: all) }
    for key in networks.keys { await updateNames(key) }
    let members = networks.compactMapValues(\.member)
    try await blocking { [firewall, endpoints] in try firewall.restore(members, Array(endpoints.values.joined())) }
  }

  /// Learns what networks there are, and touches nothing. ``restore(live:processes:)`` does it by itself.
  public func load() async throws {
    for network in try await store.networks() {
      do { networks[network.key] = try ManagedNetwork(network) } catch {
        // Made by a manager that knew more.
        logger.error("network \(network.name) cannot be used: \(error)")
      }
    }
  }

  /// The default network's IPv6 is the daemon's choice, unlike another one's.
  private func checkDefaultIPv6(_ alive: [Endpoint]) throws(NetworkError) {
    guard let network = networks[Self.network]?.network else { return }
    guard let subnet = network.ipv6Subnet?.prefix else {
      guard let user = alive.first(where: { $0.network == network.key && $0.ipv6Address != nil }) else { return }
      throw .invalid(
        "bridge \(network.bridge) has containers with addresses of IPv6 (\(user.containerID.prefix(12))); stop them, or keep --ipv6"
      )
    }
    for other in networks.values.map(\.network) where !other.isPredefined {
      guard let taken = other.ipv6Subnet?.prefix, taken.overlaps(subnet) else { continue }
      throw .invalid(
        "the default network's subnet \(subnet) overlaps with \(taken) of the network \(other.name); "
          + "choose another with --fixed-cidr-v6")
    }
  }

  /// One network of somebody's that cannot be does not keep the others from being, the default one does: it is everybody's.
  private func restoreSegments(inUse: Set<String>) async throws {
    for managed in networks.values where managed.network.hasSegment {
      let (segment, key) = (try segment(of: managed), managed.network.key)
      do {
        if managed.network.isPredefined, case .bridge(let bridge) = segment {
          try await blocking { [table = configuration.table] in
            try bridge.checkOwner(table: table, inUse: inUse.contains(key))
            try bridge.removeIPv6()
          }
        }
        tell(try await blocking { try segment.ensure(inUse: inUse.contains(key)) })
      } catch {
        guard !managed.network.isPredefined else { throw error }
        logger.error("network \(managed.network.name) cannot be used: \(error)")
      }
    }
  }

  /// What an earlier manager left of a container that is no more. A store that takes nothing (a full disk) keeps no manager
  /// from starting.
  private func forget(_ endpoint: Endpoint, _ process: Int32?) async throws {
    let parent = try parentInterface(of: endpoint)
    try await blocking { [logger] in try parent.takeBack(endpoint, pid: process, logger) }
    do { try await store.remove(containerID: endpoint.containerID, network: endpoint.network) } catch {
      logger.error("cannot forget the address of \(endpoint.containerID): \(error)")
      leftovers.insert(endpoint.id)
      _ = networks[endpoint.network]?.take(endpoint)
      var left = endpoint
      left.ports = []
      endpoints[endpoint.containerID, default: []].append(left)
    }
  }

  private func readopt(_ endpoint: Endpoint, _ process: Int32?, among alive: [Endpoint]) async throws {
    guard let managed = networks[endpoint.network] else { return }
    if networks[endpoint.network]?.take(endpoint) != true {
      let addresses = endpoint.addresses.map(\.description).joined(separator: " and ")
      logger.error("container \(endpoint.containerID) has \(addresses), which is not its network's to give")
    }
    endpoints[endpoint.containerID, default: []].append(endpoint)
    let segment = try segment(of: managed)
    let staysOn = alive.contains {
      $0.containerID == endpoint.containerID && $0.id != endpoint.id && standsWith($0, endpoint)
    }
    do {
      let isThere = try await blocking { try segment.reconnect(endpoint, pid: process, staysOn: staysOn) }
      if !isThere { logger.error("container \(endpoint.containerID) has lost its interface \(endpoint.hostInterface)") }
    } catch {
      guard !managed.network.isPredefined else { throw error }
      logger.error("container \(endpoint.containerID) cannot use the network \(managed.network.name): \(error)")
    }
    await reserve(endpoint)
  }

  private func reserve(_ endpoint: Endpoint) async {
    do {
      let wanted = endpoint.ports.filter { !$0.isOpen }.map(PortBinding.init)
      _ = try await blocking { [ports] in try ports.reserve(wanted, for: endpoint.containerID) }
    } catch {
      // The rules still lead to the container; whoever took the port meanwhile hears nothing on it.
      logger.warning("container \(endpoint.containerID): \(error), while no manager ran; its port works on")
    }
  }

  /// A manager that died while a container's gateway changed may have recorded two, or none.
  private func restoreGateways() async throws {
    for (id, before) in endpoints {
      let after = Gateways.assign(before.sorted { $0.interface < $1.interface }) { networks[$0]?.network }
      endpoints[id] = after
      for endpoint in after where !before.contains(endpoint) { try await store.put(endpoint) }
    }
  }

  /// Interfaces that no endpoint knows: a manager died between making and recording, or its database was lost.
  private func removeStrays() async throws {
    let known = Set(endpoints.values.joined().map(\.hostInterface))
    let bridges = networks.values.filter { $0.network.hasBridge }.map(\.network.bridge)
    let strays = try await blocking {
      let strays = try ContainerLink.hostInterfaces(of: bridges).filter { !known.contains($0) }
      for stray in strays { try ContainerLink.delete(stray) }
      return strays
    }
    if !strays.isEmpty { logger.warning("removed interfaces of no known container: \(strays.joined(separator: ", "))") }
  }

  /// Removes all that the networks put into the kernel: rules, endpoints' interfaces, bridges. For `hack/down` and tests.
  public func removeAll() async throws {
    for id in Set(endpoints.keys).union(try await store.endpoints().map(\.containerID)) { try await disconnectAll(id) }
    let segments = try networks.values.filter { $0.network.hasSegment }.map { try segment(of: $0) }
    let others = try await blocking { [firewall] in
      try firewall.remove()
      return try segments.flatMap { try $0.remove() }
    }
    if !others.isEmpty { logger.warning("bridges stay, they have ports of others: \(others.joined(separator: ", "))") }
  }
}
