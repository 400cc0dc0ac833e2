internal import LinuxKernel

/// A network as the service has it: its record, and what follows from that.
struct ManagedNetwork: Sendable {
  enum Phase: Sendable {
    /// Its name and its subnet are taken, and nobody can use it yet.
    case making
    case ready
    case removing
  }

  var network: Network
  let options: BridgeOptions
  /// Of a driver whose interfaces stand on one of the host.
  let parentOptions: ParentOptions?
  var pool: AddressPool<IPv4Address>?
  var ipv6Pool: AddressPool<IPv6Address>?
  var phase: Phase

  init(_ network: Network, _ phase: Phase = .ready) throws(NetworkError) {
    self.network = network
    self.phase = phase
    options = network.driver == .bridge && !network.isPredefined ? try BridgeOptions(network.options) : BridgeOptions()
    parentOptions =
      network.hasSegment && !network.hasBridge ? try ParentOptions(network.driver, network.options) : nil
    pool = network.subnet.map { AddressPool($0) }
    ipv6Pool = network.ipv6Subnet.map { AddressPool($0) }
  }

  /// Nil for a driver without one.
  /// - Parameter mtu: where nobody asked for another one.
  func segment(mtu: UInt32?) throws(NetworkError) -> Segment? {
    if network.hasBridge { return .bridge(bridge(mtu: mtu)) }
    guard let parentOptions else { return nil }
    var origin: ParentInterface.Origin?
    if network.hasMadeParent {
      let isIsolated = network.parent == network.isolatedParent
      if isIsolated { origin = .nowhere } else { origin = try ParentInterface.origin(of: network.parent) }
    }
    return .parent(
      ParentInterface(
        name: network.parent, link: parentOptions.link, mtu: parentOptions.mtu, origin: origin))
  }

  private func bridge(mtu: UInt32?) -> Bridge {
    Bridge(
      name: network.bridge,
      address: options.ipv4Mode == .isolated || options.inhibitsIPv4 ? nil : network.subnet?.bridgeAddress,
      ipv6Address: options.ipv6Mode == .isolated ? nil : network.ipv6Subnet?.bridgeAddress,
      mtu: options.mtu ?? mtu, routesLoopback: !network.isInternal, connectsPorts: options.connectsContainers)
  }

  /// Nil for a driver without rules.
  var member: Ruleset.Member? {
    guard network.hasBridge else { return nil }
    return Ruleset.Member(
      bridge: network.bridge, subnet: network.subnet?.prefix, ipv6Subnet: network.ipv6Subnet?.prefix,
      isInternal: network.isInternal, masquerades: options.masquerades, ipv4Mode: options.ipv4Mode,
      ipv6Mode: options.ipv6Mode,
      connectsContainers: options.connectsContainers)
  }

  /// Takes the addresses of an endpoint that is there already.
  /// - Returns: false if one of them cannot be had.
  mutating func take(_ endpoint: Endpoint) -> Bool {
    let ipv4 = endpoint.address.map { pool?.take($0) == true } ?? true
    let ipv6 = endpoint.ipv6Address.map { ipv6Pool?.take($0) == true } ?? true
    return ipv4 && ipv6
  }

  mutating func free(_ endpoint: Endpoint) {
    if let address = endpoint.address { pool?.free(address) }
    if let address = endpoint.ipv6Address { ipv6Pool?.free(address) }
  }
}

extension NetworkConfiguration {
  /// The networks that are there from the beginning.
  /// - Parameter identifiers: by name; whoever has none gets one of this life.
  func predefined(_ identifiers: [String: String], createdAt: Int64) -> [Network] {
    [("bridge", Network.Driver.bridge), ("host", .host), ("none", .null)].map { name, driver in
      var network = Network()
      network.id = identifiers[name] ?? RandomIdentifier.make()
      (network.name, network.driver, network.createdAt) = (name, driver, createdAt)
      network.isPredefined = true
      if driver == .bridge { describe(&network) }
      return network
    }
  }

  private func describe(_ network: inout Network) {
    network.bridge = bridge
    network.subnet = Network.Subnet(gateway: address)
    if enablesIPv6 { network.ipv6Subnet = ipv6Subnet(network.id) }
    network.options = [
      "com.docker.network.bridge.default_bridge": "true", "com.docker.network.bridge.enable_icc": "true",
      "com.docker.network.bridge.enable_ip_masquerade": "true",
      "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0", "com.docker.network.bridge.name": bridge,
    ]
    if let mtu { network.options["com.docker.network.driver.mtu"] = "\(mtu)" }
  }

  /// A piece that no other network is given, so that it is the same in every life.
  /// - Parameter identifier: the default network's.
  private func ipv6Subnet(_ identifier: String) -> Network.IPv6Subnet? {
    let pools = ipv6Pools.isEmpty ? DefaultAddressPool.local(identifier) : ipv6Pools
    guard var gateway = ipv6Prefix ?? pools.first?.last else { return nil }
    gateway.address.rawValue += 1
    return Network.IPv6Subnet(gateway: gateway)
  }
}
