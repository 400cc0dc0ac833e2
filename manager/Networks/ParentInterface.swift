internal import LinuxKernel

/// The interface of the host that a network's containers stand on, with theirs. Blocks; not for the cooperative pool.
struct ParentInterface: Hashable, Sendable {
  /// The interface's name.
  let name: String
  /// What the containers' interfaces are.
  let link: StackedLink
  /// Of the containers' interfaces; nil for the parent's.
  let mtu: UInt32?
  /// What it is if it has to be made; nil for one that is the host's own.
  let origin: Origin?

  enum Origin: Hashable, Sendable {
    /// It leads nowhere: the containers reach one another alone.
    case nowhere
    /// Of the host's interface of that name.
    case vlan(of: String, UInt16)
  }

  static func isValid(_ name: String) -> Bool {
    (1...NetlinkLink.longestName).contains(name.utf8.count) && name != "." && name != ".."
      && name.utf8.allSatisfy { $0 > 32 && $0 != 127 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") }
  }

  /// Whether there is such an interface, whoever made it.
  static func isThere(_ name: String) throws -> Bool {
    var socket = try NetlinkSocket.open(.route)
    return try socket.link(named: name) != nil
  }

  /// What an interface of that name is to be, which is not there: `eth0.50`.
  /// - Throws: ``NetworkError/invalid(_:)`` in Docker's words.
  static func origin(of name: String) throws(NetworkError) -> Origin {
    guard name.contains(".") else {
      throw .invalid("invalid subinterface vlan name \(name), example formatting is eth0.10")
    }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      throw .invalid(
        "required interface name format is: name.vlan_id, ex. eth0.10 for vlan 10, instead received \(name)")
    }
    guard let number = Int(parts[1]) else {
      throw .invalid("unable to parse a valid vlan id from: \(parts[1]) (ex. eth0.10 for vlan 10)")
    }
    guard let identifier = UInt16(exactly: number), (1...4094).contains(identifier) else {
      throw .invalid("vlan id must be between 1-4094, received: \(number)")
    }
    guard isValid(parts[0]) else { throw missing(parts[0]) }
    return .vlan(of: parts[0], identifier)
  }

  static func missing(_ name: String) -> NetworkError {
    .invalid("-o parent interface does was not found on the host: \(name)")
  }

  /// - Throws: ``NetworkError/forbidden(_:)`` if this kernel has no such interfaces.
  static func check(_ link: StackedLink) throws {
    var socket = try NetlinkSocket.open(.route)
    guard try socket.knows(link) else {
      throw NetworkError.forbidden("this machine's kernel has no \(link.kind)")
    }
  }

  /// Makes it if it is gone and was made before.
  /// - Throws: ``NetworkError/forbidden(_:)`` for what this kernel has not.
  func ensure() throws {
    var socket = try NetlinkSocket.open(.route)
    if try socket.link(named: name) == nil { try make(&socket) }
    if origin != nil { try raise(&socket) }
  }

  private func make(_ socket: inout NetlinkSocket) throws {
    switch origin {
    case nil: throw NetworkError.forbidden("the parent interface \(name) of the network is gone")
    case .nowhere: try makeIsolated(&socket)
    case .vlan(let below, let identifier): try makeVLAN(identifier, of: below, &socket)
    }
  }

  private func raise(_ socket: inout NetlinkSocket) throws(NetlinkError) {
    if let made = try socket.link(named: name), !made.isUp { try socket.setLink(made.index, up: true) }
  }

  private func makeIsolated(_ socket: inout NetlinkSocket) throws {
    guard try socket.createDummy(name) else {
      throw NetworkError.forbidden(
        "this machine's kernel has no interfaces that lead nowhere (dummy, ifb): choose a parent (-o parent=eth0)")
    }
    guard let made = try socket.link(named: name) else { return }
    try socket.disableIPv6Autoconfiguration(made.index)
  }

  private func makeVLAN(_ identifier: UInt16, of name: String, _ socket: inout NetlinkSocket) throws {
    guard let below = try socket.link(named: name) else {
      throw Self.missing(name)
    }
    do throws(NetlinkError) {
      try socket.createLink(.vlan(identifier), named: self.name, on: below.index)
    } catch {
      // For another network that is made at the same time.
      if error.errno == .exists { return }
      guard error.errno == .notSupported else { throw error }
      throw NetworkError.forbidden(
        "failed to create \(self.name) vlan link: this machine's kernel has no VLANs (802.1Q)")
    }
  }

  /// Removes it if it was made.
  func remove() throws {
    guard origin != nil else { return }
    var socket = try NetlinkSocket.open(.route)
    if let made = try socket.link(named: name) { try socket.deleteLink(made.index) }
  }
}

// MARK: - The containers' interfaces

extension ParentInterface {
  /// How long those of a container that has ended may take to go, in milliseconds: the kernel removes them some time after it.
  private static let patience: Int64 = 5000

  /// Makes the container's interface in its namespace and sets it up, and before the parent if that was made and is gone; leaves
  /// nothing else behind when it throws.
  func connect(_ endpoint: Endpoint, pid: Int32, _ parameters: [InterfaceParameter]) throws {
    if origin != nil { try ensure() }
    let deadline = Deadline(afterMilliseconds: Self.patience)
    while true {
      do {
        try attempt(endpoint, pid: pid, parameters)
        return
      } catch let error as NetlinkError {
        guard isOfLast(error), !deadline.hasPassed else { throw error }
      }
      deadline.pause(milliseconds: 5)
    }
  }

  /// Whether the interface of a container that has ended may be why: its address is taken, or its place where there is but one.
  private func isOfLast(_ error: NetlinkError) -> Bool {
    error.errno == .addressInUse || (error.errno == .invalid && link.isAlone)
  }

  private func attempt(_ endpoint: Endpoint, pid: Int32, _ parameters: [InterfaceParameter]) throws {
    let namespace = try ContainerLink.namespace(of: pid)
    var inside = try NetlinkSocket.open(.route, in: namespace)
    // Left by an attempt that was killed.
    try ContainerLink.delete(endpoint.hostInterface, &inside)
    try make(endpoint, in: namespace)
    guard let made = try inside.link(named: endpoint.hostInterface) else {
      throw NetworkError.kernel(operation: "configure \(endpoint.hostInterface)", reason: "the interface is gone")
    }
    do {
      // One that has its parent for itself takes over its address first, and hands it its own.
      if link.isAlone { try inside.setLink(made.index, address: endpoint.macAddress) }
      try inside.setLink(made.index, name: endpoint.interface)
      try ContainerLink.configure(endpoint, &inside, namespace, parameters)
    } catch {
      try inside.deleteLink(made.index)
      throw error
    }
  }

  /// By a name that nobody else has: that of the container's may be the host's own (`eth0`).
  private func make(_ endpoint: Endpoint, in namespace: borrowing FileDescriptor) throws {
    var host = try NetlinkSocket.open(.route)
    guard let parent = try host.link(named: name) else {
      throw NetworkError.forbidden("the parent interface \(name) of the network is gone")
    }
    try host.createLink(
      link, named: endpoint.hostInterface, on: parent.index, address: link.hasOwnAddress ? endpoint.macAddress : nil,
      mtu: mtu, in: namespace)
  }

  /// Takes back the container's interface.
  /// - Parameter staysOn: whether the container is on this interface by another of its networks, too.
  func disconnect(_ endpoint: Endpoint, pid: Int32, staysOn: Bool) throws {
    do {
      let namespace = try ContainerLink.namespace(of: pid)
      var inside = try NetlinkSocket.open(.route, in: namespace)
      var its = try interfaces(of: endpoint, &inside)
      // Nor does a container that may make interfaces keep one of its own making.
      if !staysOn { its.formUnion(try standing(&inside)) }
      for index in its { try inside.deleteLink(index) }
    } catch NetworkError.noProcess {
      // It has gone with its process.
    }
  }

  /// Makes the interface of a container that lives again if it went with this one.
  /// - Parameter staysOn: as in ``disconnect(_:pid:staysOn:)``.
  func reconnect(_ endpoint: Endpoint, pid: Int32, staysOn: Bool) throws {
    do {
      let namespace = try ContainerLink.namespace(of: pid)
      var inside = try NetlinkSocket.open(.route, in: namespace)
      guard try interfaces(of: endpoint, &inside).isEmpty else { return }
      if !staysOn { guard try standing(&inside).isEmpty else { return } }
      try connect(endpoint, pid: pid, try EndpointOptions(endpoint.options).parameters)
    } catch NetworkError.noProcess {
      // It has ended meanwhile.
    }
  }

  /// The indices of the endpoint's interfaces, by what they have on the wire: a container may have changed their names.
  private func interfaces(of endpoint: Endpoint, _ inside: inout NetlinkSocket) throws -> Set<Int32> {
    let stacked = try inside.links().filter { $0.kind == link.kind }
    let addressed = try addressed(endpoint, &inside)
    let its = stacked.filter { link.hasOwnAddress ? $0.address == endpoint.macAddress : addressed.contains($0.index) }
    let named = stacked.filter { [endpoint.hostInterface, endpoint.interface].contains($0.name) }
    return Set((its.isEmpty ? named : its).map(\.index))
  }

  /// The indices of all that stand on this one from there, whoever made them, whatever they are called and have for addresses.
  private func standing(_ inside: inout NetlinkSocket) throws -> Set<Int32> {
    var host = try NetlinkSocket.open(.route)
    guard let parent = try host.link(named: name)?.index else { return [] }
    let links = try inside.links()
    return Set(links.filter { $0.kind == link.kind && $0.hasParentElsewhere && $0.parent == parent }.map(\.index))
  }

  /// The indices of the interfaces that have one of its addresses.
  private func addressed(_ endpoint: Endpoint, _ inside: inout NetlinkSocket) throws(NetlinkError) -> Set<Int32> {
    let ipv4 = try inside.addresses(of: IPv4Address.self).filter { $0.prefix.address == endpoint.address }
    let ipv6 = try inside.addresses(of: IPv6Address.self).filter { $0.prefix.address == endpoint.ipv6Address }
    return Set(ipv4.map(\.link) + ipv6.map(\.link))
  }
}
