/// An interface that stands on another one and shares its wire (`linux/if_link.h`).
package enum StackedLink: Hashable, Sendable {
  /// `IFLA_MACVLAN_MODE`: what passes between those that stand on the same interface.
  package enum MacvlanMode: UInt32, Sendable {
    case isolated = 1
    case vepa = 2
    case bridge = 4
    case passthru = 8
  }

  /// `IFLA_IPVLAN_MODE`
  package enum IPvlanMode: UInt16, Sendable {
    case l2 = 0
    case l3 = 1
    case l3s = 2
  }

  /// `IFLA_IPVLAN_FLAGS`
  package enum IPvlanFlag: UInt16, Sendable {
    case bridge = 0
    case isolated = 1
    case vepa = 2
  }

  /// With addresses of their own on the wire.
  case macvlan(MacvlanMode)
  /// With the address of the interface below.
  case ipvlan(IPvlanMode, IPvlanFlag)
  /// One of the 802.1Q networks that the wire carries, by its number from 1 to 4094.
  case vlan(UInt16)

  /// The kernel's word for it.
  package var kind: String {
    switch self {
    case .macvlan: "macvlan"
    case .ipvlan: "ipvlan"
    case .vlan: "vlan"
    }
  }

  /// `IFLA_LINKINFO`
  fileprivate func write(to message: inout NetlinkWriter) {
    message.nest(NetlinkLink.Attribute.info) { info in
      info.attribute(NetlinkLink.Attribute.infoKind, kind)
      info.nest(NetlinkLink.Attribute.infoData) { data in
        switch self {
        case .macvlan(let mode): data.attribute(1, mode.rawValue)
        case .ipvlan(let mode, let flag):
          data.attribute(1, mode.rawValue)
          data.attribute(2, flag.rawValue)
        case .vlan(let identifier): data.attribute(1, identifier)
        }
      }
    }
  }

  /// RTM_NEWLINK.
  /// - Parameter parent: the index of the interface below; nil for none, which no kernel takes.
  /// - Parameter namespace: a descriptor of the network namespace that it is made in; nil for the socket's.
  func message(
    name: String?, on parent: Int32?, address: MACAddress? = nil, mtu: UInt32? = nil, namespace: Int32? = nil
  ) -> NetlinkWriter {
    var message = NetlinkLink.message(NetlinkLink.Message.new, [.create, .exclusive])
    if let name { message.attribute(NetlinkLink.Attribute.name, name) }
    if let parent { message.attribute(NetlinkLink.Attribute.parent, parent) }
    if let address { message.attribute(NetlinkLink.Attribute.address, address.bytes) }
    if let mtu { message.attribute(NetlinkLink.Attribute.mtu, mtu) }
    write(to: &message)
    if let namespace { message.attribute(NetlinkLink.Attribute.namespace, namespace) }
    return message
  }
}

extension NetlinkSocket {
  /// Makes an interface, down, on the one with the index `parent`.
  package mutating func createLink(
    _ link: StackedLink, named name: String, on parent: Int32
  ) throws(NetlinkError) {
    try request(link.message(name: name, on: parent), "create \(link.kind) \(name)")
  }

  /// Makes an interface, down, on the one with the index `parent`, in another namespace, where nobody may have its name; before
  /// Linux 6.14 nobody here either.
  package mutating func createLink(
    _ link: StackedLink, named name: String, on parent: Int32, address: MACAddress?, mtu: UInt32?,
    in namespace: borrowing FileDescriptor
  ) throws(NetlinkError) {
    let number = namespace.number
    let message = link.message(name: name, on: parent, address: address, mtu: mtu, namespace: number)
    try request(message, "create \(link.kind) \(name)")
  }

  /// Whether the kernel has such interfaces. Loads its module if there is one; makes nothing.
  package mutating func knows(_ link: StackedLink) throws(NetlinkError) -> Bool {
    do throws(NetlinkError) { try request(link.message(name: nil, on: nil), "look for \(link.kind)") } catch {
      if error.errno == .notSupported { return false }
      // It misses the interface below, and so has got further than to its kind.
      guard error.errno == .invalid else { throw error }
    }
    return true
  }

  /// Makes an interface, down, that leads nowhere, and has a carrier when it is up: a `dummy`, or where the kernel has none an `ifb`,
  /// which drops whatever was not redirected to it.
  /// - Returns: false if the kernel has neither.
  package mutating func createDummy(_ name: String) throws(NetlinkError) -> Bool {
    for kind in ["dummy", "ifb"] where try create(kind, name) { return true }
    return false
  }

  private mutating func create(_ kind: String, _ name: String) throws(NetlinkError) -> Bool {
    var message = NetlinkLink.message(NetlinkLink.Message.new, [.create, .exclusive])
    message.attribute(NetlinkLink.Attribute.name, name)
    message.nest(NetlinkLink.Attribute.info) { $0.attribute(NetlinkLink.Attribute.infoKind, kind) }
    do throws(NetlinkError) { try request(message, "create interface \(name)") } catch {
      guard error.errno == .notSupported else { throw error }
      return false
    }
    return true
  }
}
