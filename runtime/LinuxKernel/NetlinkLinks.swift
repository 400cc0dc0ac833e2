/// Interfaces of the namespace that the socket belongs to (rtnetlink(7)).
extension NetlinkSocket {
  package mutating func links() throws(NetlinkError) -> [NetlinkLink] {
    let messages = try dump(NetlinkLink.message(NetlinkLink.Message.get), "list interfaces")
    var links: [NetlinkLink] = []
    for message in messages { links.append(try NetlinkLink(message)) }
    return links
  }

  /// The interface of that name, nil if there is none.
  package mutating func link(named name: String) throws(NetlinkError) -> NetlinkLink? {
    var message = NetlinkLink.message(NetlinkLink.Message.get)
    message.attribute(NetlinkLink.Attribute.name, name)
    do {
      guard let reply = try query(message, "find interface \(name)").first else { return nil }
      return try NetlinkLink(reply)
    } catch  where error.errno == .noDevice { return nil }
  }

  /// Makes a bridge, down.
  package mutating func createBridge(_ name: String, address: MACAddress? = nil) throws(NetlinkError) {
    var message = NetlinkLink.message(NetlinkLink.Message.new, [.create, .exclusive])
    message.attribute(NetlinkLink.Attribute.name, name)
    if let address { message.attribute(NetlinkLink.Attribute.address, address.bytes) }
    message.nest(NetlinkLink.Attribute.info) { $0.attribute(NetlinkLink.Attribute.infoKind, "bridge") }
    try request(message, "create bridge \(name)")
  }

  /// One end of a veth pair.
  package struct VethEnd: Sendable {
    package var name: String
    package var address: MACAddress?
    package var mtu: UInt32?

    package init(name: String, address: MACAddress? = nil, mtu: UInt32? = nil) {
      self.name = name
      self.address = address
      self.mtu = mtu
    }

    fileprivate func write(to message: inout NetlinkWriter) {
      message.attribute(NetlinkLink.Attribute.name, name)
      if let address { message.attribute(NetlinkLink.Attribute.address, address.bytes) }
      if let mtu { message.attribute(NetlinkLink.Attribute.mtu, mtu) }
    }
  }

  /// Makes a veth pair in one step: `end` here as a port of `master`, `peer` in another namespace, both down. The peer is never
  /// seen here, where its name (`eth0`) may be taken.
  package mutating func createVeth(
    _ end: VethEnd, master: Int32?, peer: VethEnd, in namespace: borrowing FileDescriptor
  ) throws(NetlinkError) {
    let number = namespace.number
    var message = NetlinkLink.message(NetlinkLink.Message.new, [.create, .exclusive])
    end.write(to: &message)
    if let master { message.attribute(NetlinkLink.Attribute.master, master) }
    message.nest(NetlinkLink.Attribute.info) { info in
      info.attribute(NetlinkLink.Attribute.infoKind, "veth")
      info.nest(NetlinkLink.Attribute.infoData) { data in
        data.nest(1) { other in
          other.appendInterface()
          peer.write(to: &other)
          other.attribute(NetlinkLink.Attribute.namespace, number)
        }
      }
    }
    try request(message, "create veth pair \(end.name), \(peer.name)")
  }

  /// Changes an interface; what is nil stays.
  package mutating func setLink(
    _ index: Int32, up: Bool? = nil, name: String? = nil, mtu: UInt32? = nil, master: Int32? = nil,
    address: MACAddress? = nil, alias: String? = nil
  ) throws(NetlinkError) {
    var message = NetlinkLink.message(NetlinkLink.Message.set, index: index, up: up)
    if let name { message.attribute(NetlinkLink.Attribute.name, name) }
    if let mtu { message.attribute(NetlinkLink.Attribute.mtu, mtu) }
    if let master { message.attribute(NetlinkLink.Attribute.master, master) }
    if let address { message.attribute(NetlinkLink.Attribute.address, address.bytes) }
    // Without its NUL.
    if let alias { message.attribute(NetlinkLink.Attribute.alias, Array(alias.utf8)) }
    try request(message, "change interface \(index)")
  }

  /// Sets up a bridge's port.
  /// - Parameter hairpin: whether the bridge may send a frame out of the port it came in by, which is what a container's connection to its
  ///   own published port needs where bridged packets pass the packet filter (`br_netfilter`, loaded by Docker).
  /// - Parameter isolated: whether it passes no frames between this port and others that are isolated, too (Linux 4.18).
  package mutating func setBridgePort(_ index: Int32, hairpin: Bool, isolated: Bool = false) throws(NetlinkError) {
    let bridgeFamily: UInt8 = 7
    var message = NetlinkLink.message(NetlinkLink.Message.set, index: index, family: bridgeFamily)
    message.nest(NetlinkLink.Attribute.protocolInfo) { port in
      port.attribute(4, UInt8(hairpin ? 1 : 0))
      if isolated { port.attribute(33, UInt8(1)) }
    }
    try request(message, "set up the bridge's port \(index)")
  }

  /// Keeps the interface without IPv6 addresses of its own making. Harmless where the kernel has no IPv6.
  package mutating func disableIPv6Autoconfiguration(_ index: Int32) throws(NetlinkError) {
    let inet6: UInt16 = 10
    var message = NetlinkLink.message(NetlinkLink.Message.set, index: index)
    message.nest(NetlinkLink.Attribute.familySpecific) { families in
      families.nest(inet6) { $0.attribute(8, UInt8(1)) }
    }
    do { try request(message, "set IPv6 address generation of interface \(index)") } catch
      where error.errno == .familyNotSupported || error.errno == .notSupported
    {}
  }

  /// Removes the interface, and with one end of a veth pair the other.
  /// - Returns: whether there was one.
  @discardableResult
  package mutating func deleteLink(_ index: Int32) throws(NetlinkError) -> Bool {
    do { try request(NetlinkLink.message(NetlinkLink.Message.delete, index: index), "delete interface \(index)") } catch
      where error.errno == .noDevice
    { return false }
    return true
  }
}
