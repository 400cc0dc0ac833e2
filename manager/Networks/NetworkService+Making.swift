internal import LinuxKernel

extension NetworkService {
  /// Makes a network. When it throws, nothing is left; a cancelled task finishes the work all the same.
  public func create(_ request: NetworkRequest) async throws -> Network {
    try await Task { try await make(request) }.value
  }

  /// Removes the network.
  /// - Parameter text: as in ``network(_:)``.
  /// - Throws: ``NetworkError/forbidden(_:)`` for one that is there from the beginning, ``NetworkError/hasEndpoints(name:_:)``;
  ///   it is there as before then.
  public func remove(_ text: String) async throws {
    let network = try network(text)
    guard !network.isPredefined else {
      throw NetworkError.forbidden("\(network.name) is a pre-defined network and cannot be removed")
    }
    try await Task { try await unmake(network) }.value
  }

  /// Removes those that no container is on and that `takes` lets go.
  /// - Returns: their names.
  public func prune(_ takes: @Sendable (Network) -> Bool) async throws -> [String] {
    var names: [String] = []
    for network in all where !network.isPredefined && endpoints(on: network).isEmpty && takes(network) {
      do {
        try await remove(network.id)
        names.append(network.name)
      } catch NetworkError.hasEndpoints { continue } catch NetworkError.notFound { continue }
    }
    await store.pruned()
    return names
  }

  private func make(_ request: NetworkRequest) async throws -> Network {
    let (options, chosen) = try request.checked()
    let network = try hold(request, options)
    do {
      let host = try await blocking { try HostRoutes.current() }
      let subnet = try chosen.map { try checked($0, host) } ?? free(besides: host.all.map(\.prefix))
      var made = network
      made.subnet = subnet
      // From here on nobody else is given its addresses.
      networks[network.key] = try ManagedNetwork(made, .making)
      try await bring(made)
      return made
    } catch {
      networks[network.key] = nil
      throw error
    }
  }

  /// Takes the network's name and its bridge's, so that nobody else does while its place is sought.
  private func hold(_ request: NetworkRequest, _ options: BridgeOptions) throws(NetworkError) -> Network {
    guard !networks.values.contains(where: { $0.network.name == request.name }) else {
      throw .exists(name: request.name)
    }
    var network = Network()
    network.id = RandomIdentifier.make()
    network.bridge = options.bridge ?? "br-\(network.id.prefix(12))"
    if let other = networks.values.first(where: { $0.network.bridge == network.bridge })?.network {
      throw .forbidden(
        "cannot create network \(network.id) (\(network.bridge)): conflicts with network \(other.id) "
          + "(\(other.bridge)): networks have same bridge name")
    }
    (network.name, network.createdAt) = (request.name, now())
    (network.isInternal, network.isAttachable) = (request.isInternal, request.isAttachable)
    (network.labels, network.options) = (request.labels, request.options)
    network.addressOptions = request.addressOptions
    networks[network.key] = try ManagedNetwork(network, .making)
    return network
  }

  private func checked(_ subnet: Network.Subnet, _ host: HostRoutes) throws(NetworkError) -> Network.Subnet {
    for other in networks.values.map(\.network) {
      guard let taken = other.subnet?.prefix, taken.overlaps(subnet.prefix) else { continue }
      throw .poolOverlaps(subnet: subnet.prefix, other: taken, of: "network \(other.name)")
    }
    if let (taken, interface) = host.overlapping(subnet.prefix) {
      throw .poolOverlaps(subnet: subnet.prefix, other: taken, of: "interface \(interface)")
    }
    return subnet
  }

  private func free(besides taken: [IPv4Prefix]) throws(NetworkError) -> Network.Subnet {
    let all = taken + networks.values.compactMap(\.network.subnet?.prefix)
    for pool in configuration.pools {
      guard let piece = pool.firstFree(avoiding: all) else { continue }
      var subnet = Network.Subnet(gateway: piece)
      subnet.gateway.rawValue += 1
      return subnet
    }
    throw .noFreeSubnet
  }

  /// Records the network first: a manager that dies on the way leaves one that the next makes again.
  private func bring(_ network: Network) async throws {
    guard let managed = networks[network.key] else { return }
    let bridge = try bridge(of: managed)
    guard try await blocking({ try !bridge.isTaken() }) else {
      throw NetworkError.forbidden("there is an interface \(bridge.name) already: choose another name for the bridge")
    }
    try await store.insert(network)
    do {
      try await raise(managed)
      networks[network.key]?.phase = .ready
    } catch {
      do {
        try await lower(managed)
        try await store.remove(network)
      } catch let second {
        logger.error("cannot undo the network \(network.name): \(second); it failed with: \(error)")
      }
      throw error
    }
  }

  /// Puts into the kernel what there is to be of the network.
  func raise(_ managed: ManagedNetwork) async throws {
    guard let member = managed.member else { return }
    let bridge = try bridge(of: managed)
    let notes = try await blocking { [firewall] in
      let notes = try bridge.ensure(inUse: false)
      try firewall.add(member, managed.network.key)
      return notes
    }
    tell(notes)
  }

  private func lower(_ managed: ManagedNetwork) async throws {
    let bridge = try bridge(of: managed)
    let others = try await blocking { [firewall] in
      try firewall.remove(managed.network.key)
      return try bridge.remove()
    }
    if !others.isEmpty {
      logger.warning("bridge \(bridge.name) stays, it has ports of others: \(others.joined(separator: ", "))")
    }
  }

  func tell(_ notes: Bridge.Notes) {
    if notes.enabledForwarding {
      logger.notice("net.ipv4.ip_forward was off and is on now: this machine forwards packets between all its networks")
    }
  }

  /// Out of the kernel first: a manager that dies on the way leaves a network that the next makes again.
  private func unmake(_ network: Network) async throws {
    guard let managed = networks[network.key], managed.phase == .ready else {
      throw NetworkError.notFound(network.name)
    }
    let users = endpoints(on: network)
    guard users.isEmpty else {
      let named = users.map { "container:\"\($0.containerID.prefix(12))\" id:\"\($0.id.prefix(12))\"" }.sorted()
      throw NetworkError.hasEndpoints(name: network.name, named)
    }
    networks[network.key]?.phase = .removing
    do {
      try await lower(managed)
      try await store.remove(network)
      networks[network.key] = nil
      try await blocking { [nameTables] in try nameTables.remove(network) }
    } catch {
      networks[network.key]?.phase = .ready
      do { try await raise(managed) } catch let second {
        logger.error("cannot put the network \(network.name) back, which could not be removed: \(second)")
      }
      throw error
    }
  }
}
