public import LinuxKernel

/// How the default network is laid out, and where others find their place.
public struct NetworkConfiguration: Equatable, Sendable {
  /// The bridge's interface name.
  public let bridge: String
  /// The bridge's own address and the subnet that containers get theirs from (`--bip`).
  public let address: IPv4Prefix
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
    ipv6Pools: [DefaultAddressPool<IPv6Address>] = []
  ) throws(NetworkError) {
    guard InterfaceName.isValid(bridge) else { throw InterfaceName.error(bridge) }
    guard let prefix = IPv4Prefix(address), (8...30).contains(prefix.length), prefix.address != prefix.first,
      prefix.address != prefix.last
    else {
      throw .invalid(
        "invalid bridge address \"\(address)\": expected a host's address and a length from 8 to 30, 172.30.0.1/16")
    }
    self.bridge = bridge
    self.address = prefix
    self.mtu = mtu
    self.pools = pools
    self.ipv6Pools = ipv6Pools
  }

  /// The nftables table: one per default bridge, so that several daemons live beside each other.
  public var table: String { bridge == "proa0" ? "proa" : "proa-\(bridge)" }
}
