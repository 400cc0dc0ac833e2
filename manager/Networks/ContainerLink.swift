internal import LinuxKernel

/// The veth pair between the bridge and a container. Blocks; not for the cooperative pool.
struct ContainerLink: Sendable {
  let bridge: Bridge

  /// The name of the host's end: the same for the same container in every life of the manager.
  /// - Parameter network: the bridge's name, or what else nobody's network is called.
  static func hostInterface(for containerID: String, on network: String) -> String {
    // FNV-1a: short and spread out is all that is asked of it.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(network)/\(containerID)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return prefix + (String(repeating: "0", count: 16 - digits.count) + digits).suffix(digitCount)
  }

  /// Whether the name looks like one of ``hostInterface(for:on:)``.
  static func isHostInterface(_ name: String) -> Bool {
    name.hasPrefix(prefix) && name.utf8.count == NetlinkLink.longestName
      && name.dropFirst(prefix.count).allSatisfy { $0.isHexDigit && !$0.isUppercase }
  }

  private static let prefix = "veth"
  private static let digitCount = NetlinkLink.longestName - 4

  /// Makes both ends and sets them up; leaves nothing behind when it throws.
  func create(_ endpoint: Endpoint, pid: Int32, _ parameters: [InterfaceParameter]) throws {
    let namespace = try Self.namespace(of: pid)
    var host = try NetlinkSocket.open(.route)
    // Left by an attempt that was killed.
    try Self.delete(endpoint.hostInterface, &host)
    try host.createVeth(
      .init(name: endpoint.hostInterface, mtu: bridge.mtu), master: try bridge.index(&host),
      peer: .init(name: endpoint.interface, address: endpoint.macAddress, mtu: bridge.mtu), in: namespace)
    do {
      var inside = try NetlinkSocket.open(.route, in: namespace)
      try Self.configure(endpoint, &inside, namespace, parameters)
      try connect(endpoint.hostInterface, &host)
    } catch {
      try Self.delete(endpoint.hostInterface, &host)
      throw error
    }
  }

  /// Removes both ends, if they are there.
  static func delete(_ hostInterface: String) throws {
    var socket = try NetlinkSocket.open(.route)
    try delete(hostInterface, &socket)
  }

  /// Makes the host's end a port of the bridge again, which it is no more if somebody removed the bridge.
  /// - Returns: false if there is no such interface.
  func reconnect(_ hostInterface: String) throws -> Bool {
    var socket = try NetlinkSocket.open(.route)
    guard let link = try socket.link(named: hostInterface) else { return false }
    let index = try bridge.index(&socket)
    if link.master != index {
      try socket.setLink(link.index, master: index)
      try connect(hostInterface, &socket)
    }
    return true
  }

  /// The ports of the bridges that are named as if a manager had made them.
  static func hostInterfaces(of bridges: [String]) throws -> [String] {
    var socket = try NetlinkSocket.open(.route)
    let links = try socket.links()
    let indices = Set(links.filter { bridges.contains($0.name) && $0.kind == "bridge" }.map(\.index))
    return links.filter { link in
      link.master.map(indices.contains) == true && isHostInterface(link.name)
    }.map(\.name)
  }

  static func namespace(of pid: Int32) throws -> FileDescriptor {
    let namespace = try open(pid)
    guard try !NetworkNamespace.isCurrent(namespace) else {
      throw NetworkError.invalid("process \(pid) is in the host's network namespace")
    }
    return namespace
  }

  private static func open(_ pid: Int32) throws(NetworkError) -> FileDescriptor {
    do { return try NetworkNamespace.open(ofProcess: pid) } catch {
      if error.errno == .noEntry { throw .noProcess(pid: pid) }
      throw .kernel(operation: "open the network namespace of process \(pid)", reason: error.description)
    }
  }

  static func configure(
    _ endpoint: Endpoint, _ inside: inout NetlinkSocket, _ namespace: borrowing FileDescriptor,
    _ parameters: [InterfaceParameter]
  ) throws {
    guard let link = try inside.link(named: endpoint.interface) else {
      throw NetworkError.kernel(operation: "configure \(endpoint.interface)", reason: "the interface is gone")
    }
    if let loopback = try inside.link(named: "lo"), !loopback.isUp { try inside.setLink(loopback.index, up: true) }
    if let prefix = endpoint.address.flatMap({ IPv4Prefix($0, length: endpoint.prefixLength) }) {
      try inside.addAddress(NetlinkAddress(link: link.index, prefix: prefix))
    }
    if let prefix = endpoint.ipv6Address.flatMap({ IPv6Prefix($0, length: endpoint.ipv6PrefixLength) }) {
      try enableIPv6(endpoint.interface, in: namespace)
      try inside.addAddress(NetlinkAddress(link: link.index, prefix: prefix))
    } else {
      try inside.disableIPv6Autoconfiguration(link.index)
    }
    if !parameters.isEmpty {
      let interface = endpoint.interface
      try NetworkNamespace.onThread(in: namespace.number) {
        Result { () throws(NetworkError) in
          for parameter in parameters { try parameter.apply(to: interface) }
        }
      }.get()
    }
    try inside.setLink(link.index, up: true)
    try setDefaultRoutes(endpoint, link, &inside)
  }

  private static func enableIPv6(_ interface: String, in namespace: borrowing FileDescriptor) throws {
    try NetworkNamespace.onThread(in: namespace.number) {
      Result { () throws(NetworkError) in
        try IPv6Settings.enable(on: interface)
        try IPv6Settings.ignoreRouters(on: interface)
      }
    }.get()
  }

  /// Has the container send through this endpoint what is for none of its networks, as far as it is the gateway for it.
  static func makeGateway(_ endpoint: Endpoint, pid: Int32) throws {
    var inside = try NetlinkSocket.open(.route, in: try namespace(of: pid))
    guard let link = try inside.link(named: endpoint.interface) else {
      throw NetworkError.kernel(operation: "configure \(endpoint.interface)", reason: "the interface is gone")
    }
    try setDefaultRoutes(endpoint, link, &inside)
  }

  private static func setDefaultRoutes(
    _ endpoint: Endpoint, _ link: NetlinkLink, _ inside: inout NetlinkSocket
  ) throws(NetlinkError) {
    if endpoint.isGateway {
      try inside.replaceRoute(NetlinkRoute.byDefault(through: endpoint.gateway, link: link.index))
    }
    if endpoint.isIPv6Gateway {
      try inside.replaceRoute(NetlinkRoute.byDefault(through: endpoint.ipv6Gateway, link: link.index))
    }
  }

  private func connect(_ hostInterface: String, _ host: inout NetlinkSocket) throws {
    guard let link = try host.link(named: hostInterface) else {
      throw NetworkError.kernel(operation: "set up \(hostInterface)", reason: "the interface is gone")
    }
    try host.setBridgePort(link.index, hairpin: true, isolated: !bridge.connectsPorts)
    try host.disableIPv6Autoconfiguration(link.index)
    try host.setLink(link.index, up: true)
  }

  static func delete(_ hostInterface: String, _ socket: inout NetlinkSocket) throws {
    if let link = try socket.link(named: hostInterface) { try socket.deleteLink(link.index) }
  }
}
