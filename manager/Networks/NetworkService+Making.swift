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
    for network in all where endpoints(on: network).isEmpty && takes(network) {
      if network.isPredefined || network.configuration != nil { continue }
      do {
        try await remove(network.id)
        names.append(network.name)
      } catch NetworkError.hasEndpoints { continue } catch NetworkError.notFound { continue }
    }
    await store.pruned()
    return names
  }

  private func make(_ request: NetworkRequest) async throws -> Network {
    let request = try configured(request)
    let (driver, chosen) = try request.checked()
    if request.isConfigurationOnly { return try await keep(request) }
    let network = try hold(request, driver)
    do {
      var made = try await placedOnParent(network, driver)
      // Once a subnet is written down, nobody else is given its addresses.
      if request.enablesIPv4 {
        made.subnet = try await place(chosen.ipv4, of: made)
        networks[network.key] = try ManagedNetwork(made, .making)
      }
      if request.enablesIPv6 {
        made.ipv6Subnet = try await place(chosen.ipv6, of: made)
        networks[network.key] = try ManagedNetwork(made, .making)
      }
      try await bring(made)
      return made
    } catch {
      await removeParent(of: network.key)
      networks[network.key] = nil
      throw error
    }
  }

  /// Takes the network's name and its bridge's, so that nobody else does while its place is sought.
  private func hold(_ request: NetworkRequest, _ driver: DriverOptions) throws(NetworkError) -> Network {
    var network = try named(request)
    network.driver = driver.driver
    if case .bridge(let options) = driver {
      network.bridge = options.bridge ?? "br-\(network.id.prefix(12))"
      if let other = networks.values.first(where: { $0.network.bridge == network.bridge })?.network {
        throw .forbidden(
          "cannot create network \(network.id) (\(network.bridge)): conflicts with network \(other.id) "
            + "(\(other.bridge)): networks have same bridge name")
      }
    }
    (network.isInternal, network.isAttachable) = (request.isInternal, request.isAttachable)
    networks[network.key] = try ManagedNetwork(network, .making)
    return network
  }

  /// What any network has.
  func named(_ request: NetworkRequest) throws(NetworkError) -> Network {
    guard !networks.values.contains(where: { $0.network.name == request.name }) else {
      throw .exists(name: request.name)
    }
    var network = Network()
    network.id = RandomIdentifier.make()
    (network.name, network.createdAt) = (request.name, now())
    (network.labels, network.options) = (request.labels, request.options)
    network.addressOptions = request.addressOptions
    network.configurationFrom = request.configurationFrom
    return network
  }

  /// Records the network first: a manager that dies on the way leaves one that the next makes again.
  private func bring(_ network: Network) async throws {
    guard let managed = networks[network.key] else { return }
    if case .bridge(let bridge) = try segment(of: managed), try await blocking({ try bridge.isTaken() }) {
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
    guard managed.network.hasSegment else { return }
    let segment = try segment(of: managed)
    let notes = try await blocking { [firewall] in
      let notes = try segment.ensure(inUse: false)
      if let member = managed.member { try firewall.add(member, managed.network.key) }
      return notes
    }
    tell(notes)
  }

  private func lower(_ managed: ManagedNetwork) async throws {
    guard managed.network.hasSegment, !sharesParent(managed.network) else { return }
    let segment = try segment(of: managed)
    let others = try await blocking { [firewall] in
      try firewall.remove(managed.network.key)
      return try segment.remove()
    }
    if !others.isEmpty {
      logger.warning("bridge \(segment.name) stays, it has ports of others: \(others.joined(separator: ", "))")
    }
  }

  func tell(_ notes: Bridge.Notes) {
    for (isOn, name) in [
      (notes.enabledForwarding, "net.ipv4.ip_forward"),
      (notes.enabledIPv6Forwarding, "net.ipv6.conf.all.forwarding"),
    ] where isOn {
      logger.notice("\(name) was off and is on now: this machine forwards packets between all its networks")
    }
  }

  /// Out of the kernel first: a manager that dies on the way leaves a network that the next makes again.
  private func unmake(_ network: Network) async throws {
    guard let managed = networks[network.key], managed.phase == .ready else {
      throw NetworkError.notFound(network.name)
    }
    guard !networks.values.contains(where: { $0.network.configurationFrom == network.name }) else {
      throw NetworkError.forbidden(
        "error while removing network: configuration network \"\(network.name)\" is in use")
    }
    let users = endpoints(on: network)
    guard users.isEmpty else {
      let named = users.map { user in
        "name:\"\(user.names.first ?? String(user.containerID.prefix(12)))\" id:\"\(user.id.prefix(12))\""
      }.sorted()
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
