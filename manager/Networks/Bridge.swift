internal import LinuxKernel

/// A network's bridge in the kernel. Blocks; not for the cooperative pool.
struct Bridge: Hashable, Sendable {
  /// The interface's name.
  let name: String
  /// Its own addresses and the subnets.
  let address: IPv4Prefix?
  let ipv6Address: IPv6Prefix?
  let mtu: UInt32?
  /// Whether packets from the host's 127.0.0.0/8 may use it, as they do for published ports.
  let routesLoopback: Bool
  /// Whether its ports' owners may reach one another.
  let connectsPorts: Bool

  /// What was changed on the host besides the bridge, for the log.
  struct Notes: Sendable {
    var enabledForwarding = false
    var enabledIPv6Forwarding = false
  }

  /// Makes the bridge, or takes the one that is there, and gives it its address and settings.
  /// - Parameter inUse: containers are attached to it, so that its subnet must not change.
  func ensure(inUse: Bool) throws -> Notes {
    var socket = try NetlinkSocket.open(.route)
    let link = try findOrCreate(&socket)
    if let address {
      try checkOverlap(address, &socket, link)
      try setAddress(address, &socket, link, inUse: inUse)
    }
    try socket.disableIPv6Autoconfiguration(link.index)
    try IPv6Settings.ignoreRouters(on: link.name)
    if let ipv6Address {
      try IPv6Settings.enable(on: link.name)
      try checkOverlap(ipv6Address, &socket, link)
      try setAddress(ipv6Address, &socket, link, inUse: inUse)
      // The kernel asks in this name where a container is that it forwards packets to, and without it does not ask at all.
      if let prefix = IPv6Prefix("fe80::1/64") {
        try socket.addAddress(NetlinkAddress(link: link.index, prefix: prefix))
      }
    }
    try socket.setLink(link.index, up: true, mtu: mtu)
    return try forward(&socket, link)
  }

  /// 127.0.0.1:port and [::1]:port on the host lead to a container: packets from there may then use the bridge. `martians` in Ruleset
  /// guards it.
  private func forward(_ socket: inout NetlinkSocket, _ link: NetlinkLink) throws -> Notes {
    var notes = Notes()
    if address != nil {
      if routesLoopback { try Sysctl.write("net/ipv4/conf/\(link.name)/route_localnet", "1") }
      notes.enabledForwarding = try Sysctl.write("net/ipv4/ip_forward", "1")
    }
    if ipv6Address != nil {
      if routesLoopback { try socket.takeLoopback(from: link.index) }
      notes.enabledIPv6Forwarding = try IPv6Settings.forward()
    }
    return notes
  }

  /// Takes away what is left of the time when the network had IPv6: without it there are no rules for that. A bridge that somebody
  /// else has made keeps what it has.
  func removeIPv6() throws {
    var socket = try NetlinkSocket.open(.route)
    guard ipv6Address == nil, let link = try socket.link(named: name), link.alias == Self.mark else { return }
    for address in try socket.addresses(of: IPv6Address.self) where address.link == link.index && !address.isLinkLocal {
      try socket.deleteAddress(address)
    }
  }

  /// Whether there is an interface of that name already, whatever it is.
  func isTaken() throws -> Bool {
    var socket = try NetlinkSocket.open(.route)
    return try socket.link(named: name) != nil
  }

  /// The bridge's index, made again if somebody removed it.
  func index(_ socket: inout NetlinkSocket) throws -> Int32 {
    if let link = try socket.link(named: name), link.kind == "bridge" { return link.index }
    _ = try ensure(inUse: false)
    return try findOrCreate(&socket).index
  }

  /// Removes the bridge unless it has ports of others.
  /// - Returns: the names of those ports.
  func remove() throws -> [String] {
    var socket = try NetlinkSocket.open(.route)
    guard let link = try socket.link(named: name), link.kind == "bridge" else { return [] }
    let ports = try socket.links().filter { $0.master == link.index }.map(\.name)
    if ports.isEmpty { try socket.deleteLink(link.index) }
    return ports
  }

  private func findOrCreate(_ socket: inout NetlinkSocket) throws -> NetlinkLink {
    if try socket.link(named: name) == nil {
      // An address of its own: a bridge without one takes its ports' lowest, and changes it whenever that port goes.
      let mac = address.map { MACAddress(for: $0.address) } ?? ipv6Address.map { MACAddress(for: $0.address) }
      try socket.createBridge(name, address: mac)
      if let made = try socket.link(named: name) { try socket.setLink(made.index, alias: Self.mark) }
    }
    guard let link = try socket.link(named: name), link.kind == "bridge" else {
      throw NetworkError.notABridge(name)
    }
    return link
  }

  /// A subnet that another interface is on, or that a route leads into, would be unreachable, or ours would.
  private func checkOverlap<Address>(
    _ address: InternetPrefix<Address>, _ socket: inout NetlinkSocket, _ link: NetlinkLink
  ) throws {
    let subnet = address.network
    let routes = try socket.routes(of: Address.self).filter { $0.destination.length >= subnet.length }
    let taken =
      try socket.addresses(of: Address.self).map { ($0.link, $0.prefix) } + routes.map { ($0.link, $0.destination) }
    for (index, prefix) in taken where index != link.index && prefix.overlaps(subnet) {
      let other = try socket.links().first { $0.index == index }?.name ?? "\(index)"
      // A bridge that was made a moment ago is of no use to anybody.
      if !link.isUp { try socket.deleteLink(link.index) }
      throw NetworkError.overlaps(
        subnet: subnet.description, other: prefix.network.description, interface: other)
    }
  }

  private func setAddress<Address>(
    _ address: InternetPrefix<Address>, _ socket: inout NetlinkSocket, _ link: NetlinkLink, inUse: Bool
  ) throws {
    let present = try socket.addresses(of: Address.self).filter { $0.link == link.index && !$0.isLinkLocal }
    for other in present where other.prefix != address {
      if inUse {
        let option =
          Address.family == IPv6Address.family ? "--fixed-cidr-v6 \(other.prefix.network)" : "--bip \(other.prefix)"
        throw NetworkError.invalid(
          "bridge \(link.name) has the address \(other.prefix) and containers that use it; stop them, or keep \(option)"
        )
      }
      try socket.deleteAddress(other)
    }
    if !present.contains(where: { $0.prefix == address }) {
      try socket.addAddress(NetlinkAddress(link: link.index, prefix: address))
    }
  }
}

extension NetlinkAddress {
  /// Whether the kernel made it: those of IPv6 in fe80::/10.
  fileprivate var isLinkLocal: Bool {
    Address.family == IPv6Address.family && prefix.address.bytes[0] == 0xFE && prefix.address.bytes[1] & 0xC0 == 0x80
  }
}
