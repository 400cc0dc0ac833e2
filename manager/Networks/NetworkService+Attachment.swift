public import LinuxKernel

/// What a container's place on a network is to be.
public struct AttachmentRequest: Sendable {
  public var containerID: String
  /// A process in the container's network namespace.
  public var pid: Int32
  /// A name or an identifier.
  public var network = NetworkService.network
  /// Nil for the next free one.
  public var address: IPv4Address?
  public var ipv6Address: IPv6Address?
  /// Nil for one made of the address that the container gets.
  public var macAddress: MACAddress?
  public var gatewayPriority = 0
  /// Of the driver, `com.docker.network.endpoint.ifname` and others.
  public var options: [String: String] = [:]
  /// What others call it there.
  public var names: [String] = []
  /// All that the container publishes: they are where its gateway is.
  public var ports: [PortBinding] = []

  public init(containerID: String, pid: Int32) { (self.containerID, self.pid) = (containerID, pid) }
}

extension NetworkService {
  /// Gives the network namespace of a process an interface with an address, and publishes its ports if it can be reached by it.
  ///
  /// When it throws, nothing is left behind. A cancelled task finishes the work, or undoes it, all the same.
  public func attach(_ request: AttachmentRequest) async throws -> Endpoint {
    // A task of its own, so that cancelling the caller's cannot stop it halfway.
    try await Task { try await connect(request) }.value
  }

  /// Takes back the container's interface on the network, its ports and its address there. Harmless if it has none.
  /// - Parameter network: as in ``network(_:)``; one that is gone has no endpoints.
  /// - Parameter pid: a process in the container's network namespace, nil if that is gone.
  public func detach(containerID: String, from network: String, pid: Int32?) async throws {
    guard let endpoint = endpoint(of: containerID, on: network) else { return }
    try await Task { try await disconnect(endpoint, pid: pid) }.value
  }

  /// Takes back all that the container has. Harmless if it has nothing, or if its namespace is gone.
  /// - Parameter pid: a process in the container's network namespace that outlives it, nil if there is none.
  public func detach(containerID: String, pid: Int32? = nil) async throws {
    guard endpoints[containerID] != nil else { return }
    try await Task { try await disconnectAll(containerID, pid: pid) }.value
  }

  private func connect(_ request: AttachmentRequest) async throws -> Endpoint {
    let id = request.containerID
    for left in endpoints[id] ?? [] where leftovers.contains(left.id) { try await disconnect(left, pid: nil) }
    let key = try network(request.network).key
    guard let managed = networks[key] else { throw NetworkError.notFound(request.network) }
    guard !endpoints(of: id).contains(where: { $0.network == key }) else {
      throw NetworkError.attached(containerID: id)
    }
    let (segment, options) = (try segment(of: managed), try EndpointOptions(request.options))
    let endpoint = try lease(request, options, on: key)
    let before = endpoints(of: id)
    endpoints[id] = before + [endpoint]
    do {
      try await publish(request, hostBinding: managed.options.hostBinding)
      try await save(changedSince: before, of: id)
      let (made, all) = (endpoints(of: id).first { $0.id == endpoint.id } ?? endpoint, endpoints(of: id))
      try await blocking { [firewall] in
        try segment.connect(made, pid: request.pid, options.parameters)
        try firewall.publish(id, all)
      }
      try await writeNames(key)
      return made
    } catch {
      await undo(endpoint, pid: request.pid, after: error)
      throw error
    }
  }

  private func lease(
    _ request: AttachmentRequest, _ options: EndpointOptions, on key: String
  ) throws(NetworkError) -> Endpoint {
    guard let managed = networks[key] else { throw .notFound(key) }
    let (network, prefix) = (managed.network, managed.options.interfacePrefix)
    if let link = managed.parentOptions?.link, !link.hasOwnAddress, request.macAddress != nil {
      throw .invalid("\(link.kind) interfaces do not support custom mac address assignment")
    }
    let isRouted = managed.parentOptions?.link.isRouted == true
    let interfaces = Set(endpoints(of: request.containerID).map(\.interface))
    var endpoint = Endpoint()
    endpoint.containerID = request.containerID
    endpoint.id = RandomIdentifier.make()
    endpoint.network = key
    endpoint.requestedMACAddress = request.macAddress
    endpoint.options = request.options
    endpoint.gatewayPriority = request.gatewayPriority
    endpoint.names = request.names
    if let subnet = network.subnet {
      (endpoint.prefixLength, endpoint.gateway) = (subnet.prefix.length, isRouted ? nil : subnet.gateway)
    }
    if let subnet = network.ipv6Subnet {
      (endpoint.ipv6PrefixLength, endpoint.ipv6Gateway) = (subnet.prefix.length, isRouted ? nil : subnet.gateway)
    }
    let free = (0...).lazy.map { "\(prefix)\($0)" }.first { !interfaces.contains($0) }
    endpoint.interface = options.interface ?? free ?? prefix
    guard !interfaces.contains(endpoint.interface) else {
      throw .forbidden("the container has an interface \(endpoint.interface) already")
    }
    endpoint.hostInterface = ContainerLink.hostInterface(
      for: request.containerID, on: network.hasBridge ? network.bridge : network.id)
    try takeAddresses(request, for: &endpoint)
    do throws(NetworkError) { try checkNeighbours(of: endpoint, on: managed) } catch {
      networks[key]?.free(endpoint)
      throw error
    }
    return endpoint
  }

  private func takeAddresses(_ request: AttachmentRequest, for endpoint: inout Endpoint) throws(NetworkError) {
    let key = endpoint.network
    if let wanted = request.address, networks[key]?.pool == nil { throw .addressOutside(wanted.description) }
    if let wanted = request.ipv6Address, networks[key]?.ipv6Pool == nil { throw .addressOutside(wanted.description) }
    endpoint.address = try networks[key]?.pool?.allocate(wanted: request.address)
    do throws(NetworkError) {
      endpoint.ipv6Address = try networks[key]?.ipv6Pool?.allocate(wanted: request.ipv6Address)
    } catch {
      networks[key]?.free(endpoint)
      throw error
    }
  }

  /// Finds out who is the container's gateway now, and takes the ports of each family that there was none for before and that has
  /// none yet.
  private func publish(_ request: AttachmentRequest, hostBinding: IPv4Address) async throws {
    let id = request.containerID
    let before = publishingFamilies(endpoints(of: id))
    endpoints[id] = assigned(endpoints(of: id))
    let new = publishingFamilies(endpoints(of: id)).subtracting(before).subtracting(heldFamilies(endpoints(of: id)))
    guard !new.isEmpty, !request.ports.isEmpty else { return }
    let routed = routedFamilies(endpoints(of: id)).intersection(new)
    let open = Set(try request.ports.flatMap { try $0.open(routed) })
    let taken =
      try await blocking { [ports] in
        try ports.reserve(request.ports, for: id) { $0.addresses(hostBinding, new.subtracting(routed)) }
      } + open
    for (index, endpoint) in endpoints(of: id).enumerated() {
      let its = taken.filter { $0.hostAddress.isIPv6 ? endpoint.isIPv6Gateway : endpoint.isGateway }
      endpoints[id]?[index].ports = (endpoint.ports + its).sorted()
    }
  }

  private func assigned(_ endpoints: [Endpoint]) -> [Endpoint] {
    Gateways.assign(endpoints) { networks[$0]?.network }
  }

  /// What the host can answer for: the rest is published by nobody, as with Docker.
  private func publishingFamilies(_ endpoints: [Endpoint]) -> AddressFamilies {
    endpoints.filter { networks[$0.network]?.network.hasBridge == true }.gatewayFamilies
  }

  /// What the container has ports of the host of.
  private func heldFamilies(_ endpoints: [Endpoint]) -> AddressFamilies {
    AddressFamilies(endpoints.flatMap(\.ports).map { $0.hostAddress.isIPv6 ? .ipv6 : .ipv4 })
  }

  /// Of those, where the host's own ports lead nowhere.
  private func routedFamilies(_ endpoints: [Endpoint]) -> AddressFamilies {
    var families: AddressFamilies = []
    for endpoint in endpoints {
      guard let options = networks[endpoint.network]?.options else { continue }
      if endpoint.isGateway, options.ipv4Mode == .routed { families.insert(.ipv4) }
      if endpoint.isIPv6Gateway, options.ipv6Mode == .routed { families.insert(.ipv6) }
    }
    return families
  }

  /// Before anything is made, so that the next manager knows what to remove if this one dies on the way.
  private func save(changedSince before: [Endpoint], of containerID: String) async throws {
    for endpoint in endpoints(of: containerID) where !before.contains(endpoint) { try await store.put(endpoint) }
  }

  private func undo(_ endpoint: Endpoint, pid: Int32, after cause: any Error) async {
    do { try await disconnect(endpoint, pid: pid) } catch {
      // The cause is what the caller must see; what could not be undone is tried again at the next start.
      logger.error("cannot undo the attachment of \(endpoint.containerID): \(error); it failed with: \(cause)")
    }
  }
}

// MARK: - Taking back

extension NetworkService {
  /// The address is free again only when nothing uses it any more.
  private func disconnect(_ endpoint: Endpoint, pid: Int32?) async throws {
    leftovers.insert(endpoint.id)
    let id = endpoint.containerID
    let before = endpoints(of: id)
    let rest = assignedWithout(endpoint)
    let segment = try networks[endpoint.network].map { managed throws(NetworkError) in try self.segment(of: managed) }
    let staysOn = rest.contains { standsWith($0, endpoint) }
    try await blocking { [firewall] in
      try firewall.publish(id, rest)
      if let segment {
        try segment.disconnect(endpoint, pid: pid, staysOn: staysOn)
      } else {
        try ContainerLink.delete(endpoint.hostInterface)
      }
      guard let pid else { return }
      for gateway in rest where (gateway.isGateway || gateway.isIPv6Gateway) && !before.contains(gateway) {
        // Of a process that has ended meanwhile there is no route to keep.
        do { try ContainerLink.makeGateway(gateway, pid: pid) } catch NetworkError.noProcess {}
      }
    }
    ports.release(id, but: heldFamilies(rest))
    try await store.remove(containerID: id, network: endpoint.network)
    endpoints[id] = rest.isEmpty ? nil : rest
    try await save(changedSince: before, of: id)
    // A name must not lead to whoever has the address next.
    await updateNames(endpoint.network)
    networks[endpoint.network]?.free(endpoint)
    leftovers.remove(endpoint.id)
  }

  /// Without a gateway nothing of the container is published, and without a bridge nothing can be any more.
  private func assignedWithout(_ endpoint: Endpoint) -> [Endpoint] {
    var rest = endpoints(of: endpoint.containerID).filter { $0.id != endpoint.id }
    let heir = rest.firstIndex { networks[$0.network]?.network.hasBridge == true }
    if let heir { rest[heir].ports += endpoint.ports }
    return assigned(rest)
  }

  func disconnectAll(_ containerID: String, pid: Int32? = nil) async throws {
    let all = endpoints(of: containerID)
    leftovers.formUnion(all.map(\.id))
    let parents = try all.map { endpoint throws(NetworkError) in try parentInterface(of: endpoint) }
    try await blocking { [firewall, logger] in
      try firewall.withdraw(containerID)
      for (endpoint, parent) in zip(all, parents) { try parent.takeBack(endpoint, pid: pid, logger) }
    }
    ports.release(containerID)
    for endpoint in all {
      try await store.remove(containerID: containerID, network: endpoint.network)
      endpoints[containerID]?.removeAll { $0.id == endpoint.id }
      await updateNames(endpoint.network)
      networks[endpoint.network]?.free(endpoint)
      leftovers.remove(endpoint.id)
    }
    if endpoints[containerID]?.isEmpty == true { endpoints[containerID] = nil }
  }
}
