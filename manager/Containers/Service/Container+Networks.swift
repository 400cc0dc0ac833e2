internal import LinuxKernel

// MARK: - All of them

extension Container {
  /// Gives the container its places on its networks, now that it has a network namespace.
  func joinNetworks(_ pid: Int32) async throws {
    for place in record.places {
      guard !["host", "none"].contains(place.network) else {
        try await identify(place)
        joinWithoutAddress(place.network)
        continue
      }
      try await join(place, pid)
    }
    try checkPublished()
    try await serveNames(pid)
    tellLinkOwners()
  }

  /// Without an address of IPv6 nobody answers where the host's are: unlike Docker there is no process in between.
  private func checkPublished() throws(ContainerError) {
    guard let wish = record.portsToPublish.first(where: { $0.hostAddress.contains(":") }), record.hasInterfaces,
      !record.publishedPorts.contains(where: { $0.hostAddress.contains(":") })
    else { return }
    throw .invalid(
      "port \(wish.containerPort) cannot be published at [\(wish.hostAddress)]: none of the container's networks has IPv6 "
        + "and leads out (docker network create --ipv6)")
  }

  /// Of a network without addresses there is nothing to give.
  private func joinWithoutAddress(_ network: String) {
    guard let index = index(of: network) else { return }
    var endpoint = ContainerEndpoint()
    endpoint.network = network
    endpoint.networkID = record.places[index].networkID
    endpoint.endpointID = ContainerID.random().text
    record.places[index].endpoint = endpoint
  }

  /// Finds out what the network is; its name may have been a part of its identifier.
  @discardableResult
  private func identify(_ place: NetworkPlace) async throws -> NetworkPlace {
    let known = try await surroundings.network.network(place.reference)
    guard let index = index(of: place.network) else { return place }
    (record.places[index].network, record.places[index].networkID) = (known.name, known.id)
    return record.places[index]
  }

  private func join(_ place: NetworkPlace, _ pid: Int32) async throws {
    let place = try await identify(place)
    if !place.isUserDefined { try place.request.checkForDefaultNetwork() }
    try await surroundings.network.attach(
      id, pid: pid, to: place.networkID, place.request, names: record.names(on: place), ports: record.portsToPublish)
    await takeOverEndpoints()
    guard let index = index(of: place.network), let endpoint = record.places[index].endpoint else { return }
    let (record, paths) = (record, surroundings.paths)
    try await surroundings.threads.runIfActive { try BundleWriter.addHost(endpoint, of: record, paths: paths) }
  }

  /// What the networks say that the container has: its ports may have moved from one to another.
  private func takeOverEndpoints() async {
    let there = await surroundings.network.endpoints(of: id)
    for index in record.places.indices where !["host", "none"].contains(record.places[index].network) {
      let place = record.places[index]
      record.places[index].endpoint = there.first {
        place.networkID.isEmpty ? $0.network == place.network : $0.networkID == place.networkID
      }
      if let endpoint = record.places[index].endpoint { record.places[index].networkID = endpoint.networkID }
    }
  }

  private func index(of network: String) -> Int? { record.places.firstIndex { $0.network == network } }
}

// MARK: - After a restart of the daemon

extension Container {
  /// Takes over what the last daemon gave a container that runs: it may have ended before it could record it here.
  func restoreEndpoint() async {
    do { try await exclusively { container in await container.restoreEndpointsNow() } } catch {
      logger.debug("the networks of a container that is gone", metadata: ["error": "\(error)"])
    }
  }

  private func restoreEndpointsNow() async {
    guard let running = record.state.running, !record.host.networkMode.isContainer else { return }
    let known = record.places
    await takeOverEndpoints()
    for place in record.places where ["host", "none"].contains(place.network) && place.endpoint == nil {
      joinWithoutAddress(place.network)
    }
    await leaveUnknown(running.pid)
    guard record.places != known else { return }
    surroundings.index.update(record)
    await keep()
  }

  /// A daemon that was killed while it connected the container, or disconnected it, may have left an endpoint on a network that the
  /// container is not on.
  private func leaveUnknown(_ pid: Int32) async {
    for endpoint in await surroundings.network.endpoints(of: id)
    where !record.places.contains(where: { $0.networkID == endpoint.networkID }) {
      do { try await surroundings.network.detach(id, from: endpoint.networkID, pid: pid) } catch {
        logger.error("cannot leave the network \(endpoint.network)", metadata: ["error": "\(error)"])
      }
      // What was published there is so on another network now.
      await takeOverEndpoints()
    }
  }

  /// Before the networks themselves are restored: what they are called is known.
  func identifyNetworks() async {
    for place in record.places where place.networkID.isEmpty {
      do { try await identify(place) } catch {
        logger.error("a network is gone", metadata: ["error": "\(error)"])
      }
    }
  }
}

// MARK: - One of them

extension Container {
  /// - Throws: ``ContainerError/forbidden(_:)`` in Docker's words for networks that do not go together, or that it is on.
  func connect(to network: NetworkIdentity, _ request: EndpointRequest) async throws {
    try await exclusively { container in try await container.connectNow(network, request) }
  }

  private func connectNow(_ network: NetworkIdentity, _ request: EndpointRequest) async throws {
    try checkConnecting(network)
    var place = NetworkPlace(network.name, request)
    place.networkID = network.id
    if !place.isUserDefined { try request.checkForDefaultNetwork() }
    guard let running = record.state.running else { return try await plan(place) }
    guard index(of: network.name) == nil else {
      throw ContainerError.forbidden("endpoint with name \(record.name) already exists in network \(network.name)")
    }
    let before = record.places
    record.places.append(place)
    do {
      if network.name == "none" {
        joinWithoutAddress(network.name)
      } else {
        try await join(place, running.pid)
        try await serveNames(whileRunning: running.pid)
        tellLinkOwners()
      }
      try await save(durable: true, telling: [record.networkEvent("connect", place)])
    } catch {
      await undoConnecting(place, running.pid, before, error)
      throw error
    }
    surroundings.index.update(record)
  }

  /// For the next start.
  private func plan(_ place: NetworkPlace) async throws {
    let before = record.places
    if let index = index(of: place.network) { record.places[index] = place } else { record.places.append(place) }
    do { try await save(durable: true) } catch {
      record.places = before
      throw error
    }
    surroundings.index.update(record)
  }

  private func undoConnecting(
    _ place: NetworkPlace, _ pid: Int32, _ before: [NetworkPlace], _ cause: any Error
  ) async {
    let endpoint = record.places.first { $0.networkID == place.networkID }?.endpoint
    record.places = before
    do {
      try await surroundings.network.detach(id, from: place.networkID, pid: pid)
      if let endpoint { try await removeHost(endpoint) }
    } catch {
      logger.error("cannot leave the network \(place.network)", metadata: ["error": "\(error)", "cause": "\(cause)"])
    }
    await takeOverEndpoints()
    surroundings.index.update(record)
  }

  private func checkConnecting(_ network: NetworkIdentity) throws(ContainerError) {
    try checkNotRemoved()
    if record.host.networkMode.isContainer || record.host.networkMode == .host {
      throw .forbidden(NetworkPlace.sharing)
    }
    guard network.name != "host" else { throw .forbidden(NetworkPlace.ofHost) }
    let others = record.places.filter { $0.network != network.name }
    guard others.isEmpty || network.name != "none", !others.contains(where: { $0.network == "none" }) else {
      throw .forbidden(NetworkPlace.isPrivate)
    }
  }

  private func checkNotRemoved() throws(ContainerError) {
    let isDead = if case .dead = record.state { true } else { false }
    guard record.state != .removing, !isDead else {
      throw .conflict(
        "container \(id) is marked for removal and cannot be connected or disconnected to the network")
    }
  }

  /// - Parameter network: a name or an identifier; the network may be gone.
  func disconnect(from network: String) async throws {
    try await exclusively { container in try await container.disconnectNow(network) }
  }

  /// The record first: what is killed in between is finished by the next daemon.
  private func disconnectNow(_ network: String) async throws {
    try checkNotRemoved()
    if record.host.networkMode == .host, index(of: network) != nil {
      throw ContainerError.forbidden(NetworkPlace.ofHost)
    }
    guard let place = record.places.first(where: { $0.network == network || $0.networkID == network }) else {
      throw ContainerError.failed("container \(id) is not connected to network \(network)")
    }
    let before = record.places
    record.places.removeAll { $0.network == place.network }
    do { try await save(durable: true, telling: [record.networkEvent("disconnect", place)]) } catch {
      record.places = before
      throw error
    }
    surroundings.index.update(record)
    guard let running = record.state.running else { return }
    try await surroundings.network.detach(id, from: place.networkID, pid: running.pid)
    if let endpoint = place.endpoint { try await removeHost(endpoint) }
    await takeOverEndpoints()
    surroundings.index.update(record)
    await keep()
    try await writeNames()
  }

  private func removeHost(_ endpoint: ContainerEndpoint) async throws {
    let (paths, id) = (surroundings.paths, id)
    guard !endpoint.addresses.isEmpty else { return }
    try await surroundings.threads.runIfActive { try BundleWriter.removeHost(endpoint, of: id, paths: paths) }
  }
}

extension NetworkPlace {
  fileprivate static let ofHost = "container cannot be disconnected from host network or connected to host network"
}

// MARK: - By name

extension ContainerService {
  /// Connects the container to a network, now if it runs, otherwise when it starts.
  /// - Parameter network: a name or an identifier.
  public func connect(_ name: String, to network: String, _ request: EndpointRequest) async throws {
    let identity = try await surroundings.network.network(network)
    let container = try index.find(name).container
    try await surroundings.supervisor.finish { try await container.connect(to: identity, request) }
  }

  /// Takes the container off a network; of one that does not run, the network may be gone.
  public func disconnect(_ name: String, from network: String) async throws {
    let (container, record) = try index.find(name)
    var known = network
    do { known = try await surroundings.network.network(network).name } catch ContainerError.networkNotFound {
      guard record.state.running == nil, record.places.contains(where: { $0.network == network }) else {
        throw ContainerError.networkNotFound(network)
      }
    }
    let name = known
    try await surroundings.supervisor.finish { try await container.disconnect(from: name) }
  }

  /// The places of a new container; of networks that are there by their names. Those that are not are told at the start, as by Docker.
  func places(_ mode: NetworkMode, _ endpoints: [String: EndpointRequest]) async throws -> [NetworkPlace] {
    var places = try ContainerRecord.places(mode, endpoints)
    for index in places.indices {
      do {
        places[index].network = try await surroundings.network.network(places[index].network).name
      } catch ContainerError.networkNotFound {}
    }
    guard Set(places.map(\.network)).count == places.count else {
      throw ContainerError.invalid("a network is named twice: by its name and by its identifier")
    }
    return places
  }
}
