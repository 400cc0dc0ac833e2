internal import LinuxKernel
internal import Networks

/// What the daemon's command line says of networks.
struct NetworkOptions: Sendable {
  /// The name of the default network's interface.
  let bridge: String
  /// Its own address, with its network's length.
  let address: String
  /// `base=172.24.0.0/13,size=24`
  let pools: [String]
  /// Whether the default network has IPv6.
  let ipv6: Bool
  let ipv6Subnet: String?

  /// - Throws: an error for a person, naming the option that is wrong.
  func configuration() throws -> NetworkConfiguration {
    let ipv4Pools: [DefaultAddressPool<IPv4Address>]
    let ipv6Pools: [DefaultAddressPool<IPv6Address>]
    do {
      ipv4Pools = try pools.filter { !$0.contains(":") }.map { try DefaultAddressPool($0) }
      ipv6Pools = try pools.filter { $0.contains(":") }.map { try DefaultAddressPool($0) }
    } catch { throw DaemonError.option("--default-address-pool", "\(error)") }
    return try NetworkConfiguration(
      bridge: bridge, address: address, pools: ipv4Pools.isEmpty ? DefaultAddressPool.standard : ipv4Pools,
      ipv6Pools: ipv6Pools, enablesIPv6: ipv6, ipv6Subnet: ipv6Subnet)
  }
}
