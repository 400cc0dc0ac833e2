public import LinuxKernel

/// How the default network is laid out, and where others find their place.
public struct NetworkConfiguration: Equatable, Sendable {
  /// The bridge's interface name.
  public let bridge: String
  /// The bridge's own address and the subnet that containers get theirs from (`--bip`).
  public let address: IPv4Prefix
  /// Whether the default network has IPv6 (`--ipv6`).
  public let enablesIPv6: Bool
  /// The default network's subnet of IPv6 (`--fixed-cidr-v6`); nil for the last piece of the first pool.
  public let ipv6Prefix: IPv6Prefix?
  /// The largest packet, in bytes; nil for the kernel's default of 1500.
  public let mtu: UInt32?
  /// Where the subnets come from of networks whose maker names none.
  public let pools: [DefaultAddressPool<IPv4Address>]
  /// The same for IPv6; none: a piece of the unique local addresses.
  public let ipv6Pools: [DefaultAddressPool<IPv6Address>]

  /// - Throws: ``NetworkError/invalid(_:)`` for a name that the kernel or nftables could misread, and for a subnet without room.
  public init(
    bridge: String = "proa0", address: String = "172.30.0.1/16", mtu: UInt32? = nil,
    pools: [DefaultAddressPool<IPv4Address>] = DefaultAddressPool.standard,
    ipv6Pools: [DefaultAddressPool<IPv6Address>] = [], enablesIPv6: Bool = false, ipv6Subnet: String? = nil
  ) throws(NetworkError) {
    guard InterfaceName.isValid(bridge) else { throw InterfaceName.error(bridge) }
    guard let prefix = IPv4Prefix(address), (8...30).contains(prefix.length), prefix.address != prefix.first,
      prefix.address != prefix.last
    else {
      throw .invalid(
        "invalid bridge address \"\(address)\": expected a host's address and a length from 8 to 30, 172.30.0.1/16")
    }
    ipv6Prefix = try ipv6Subnet.map { text throws(NetworkError) in
      guard let prefix = IPv6Prefix(text)?.network, (8...126).contains(prefix.length) else {
        throw .invalid("invalid subnet of IPv6 \"\(text)\": expected one with a length from 8 to 126, fd00:1::/64")
      }
      return prefix
    }
    guard enablesIPv6 || ipv6Prefix == nil else {
      throw .invalid("a subnet of IPv6 (--fixed-cidr-v6) is for a default network with IPv6 (--ipv6)")
    }
    self.enablesIPv6 = enablesIPv6
    self.bridge = bridge
    self.address = prefix
    self.mtu = mtu
    self.pools = pools
    self.ipv6Pools = ipv6Pools
  }

  /// The nftables table: one per default bridge, so that several daemons live beside each other.
  public var table: String { bridge == "proa0" ? "proa" : "proa-\(bridge)" }
}
