internal import JSON
internal import LinuxKernel

/// Where there is room for a new network. Between the look at the host and the moment when the place is taken nothing else runs.
extension NetworkService {
  /// - Parameter network: whose it is to be.
  func place(_ chosen: Network.Subnet?, of network: Network) async throws -> Network.Subnet {
    let host = try await blocking { try HostRoutes<IPv4Address>.current() }
    let taken = networks.values.map(\.network).compactMap { network in network.subnet.map { (network.name, $0.prefix) }
    }
    return try chosen.map { try Self.checked($0, network.besides(host), taken) }
      ?? Self.free(configuration.pools, host, taken)
  }

  func place(_ chosen: Network.IPv6Subnet?, of network: Network) async throws -> Network.IPv6Subnet {
    let host = try await blocking { try HostRoutes<IPv6Address>.current() }
    let taken = networks.values.map(\.network).compactMap { network in
      network.ipv6Subnet.map { (network.name, $0.prefix) }
    }
    return try chosen.map { try Self.checked($0, network.besides(host), taken) }
      ?? Self.free(ipv6Pools, host, taken)
  }

  private var ipv6Pools: [DefaultAddressPool<IPv6Address>] {
    guard configuration.ipv6Pools.isEmpty else { return configuration.ipv6Pools }
    // The identifier of the default network is one of its own for every data root, and stays.
    return DefaultAddressPool.local(networks[Self.network]?.network.id ?? "")
  }

  private static func checked<Address>(
    _ subnet: NetworkSubnet<Address>, _ host: HostRoutes<Address>, _ networks: [(String, InternetPrefix<Address>)]
  ) throws(NetworkError) -> NetworkSubnet<Address> {
    let prefix = subnet.prefix
    for (name, taken) in networks where taken.overlaps(prefix) {
      throw .poolOverlaps(subnet: prefix.description, other: taken.description, of: "network \(name)")
    }
    if let (taken, interface) = host.overlapping(prefix) {
      throw .poolOverlaps(subnet: prefix.description, other: taken.description, of: "interface \(interface)")
    }
    return subnet
  }

  private static func free<Address>(
    _ pools: [DefaultAddressPool<Address>], _ host: HostRoutes<Address>,
    _ networks: [(String, InternetPrefix<Address>)]
  ) throws(NetworkError) -> NetworkSubnet<Address> {
    let taken = host.all.map(\.prefix) + networks.map(\.1)
    for pool in pools {
      guard var gateway = pool.firstFree(avoiding: taken) else { continue }
      gateway.address.rawValue += 1
      return NetworkSubnet(gateway: gateway)
    }
    throw .noFreeSubnet
  }
}

extension Network {
  /// What of the host its subnet must keep clear of: nothing if it is on the host's own wire, where the host has its place, too.
  fileprivate func besides<Address>(_ host: HostRoutes<Address>) -> HostRoutes<Address> {
    hasBridge ? host : HostRoutes(addresses: [], routes: [])
  }
}
