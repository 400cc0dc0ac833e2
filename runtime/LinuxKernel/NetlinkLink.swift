/// A network interface as the kernel lists it.
package struct NetlinkLink: Equatable, Sendable {
  /// From 1; never used again in this namespace while it lives.
  package var index: Int32
  package var name: String
  /// The bridge or bond it is part of, by index.
  package var master: Int32?
  /// What it stands on, by index: the interface below a macvlan or a VLAN, the other end of a veth pair.
  package var parent: Int32?
  /// Whether that is in another namespace, which the index is of then.
  package var hasParentElsewhere: Bool
  package var mtu: UInt32
  package var address: MACAddress?
  /// `bridge`, `veth`, ...; nil for hardware.
  package var kind: String?
  /// What somebody has written on it (`ip link set alias`).
  package var alias: String?
  /// Bits of `IFF_UP` and so on.
  package var flags: UInt32

  package var isUp: Bool { flags & 1 != 0 }
  package var isLoopback: Bool { flags & 8 != 0 }
}

extension NetlinkLink {
  enum Message {
    static let new: UInt16 = 16
    static let delete: UInt16 = 17
    static let get: UInt16 = 18
    static let set: UInt16 = 19
  }

  enum Attribute {
    static let address: UInt16 = 1
    static let name: UInt16 = 3
    static let mtu: UInt16 = 4
    static let parent: UInt16 = 5
    static let master: UInt16 = 10
    static let protocolInfo: UInt16 = 12
    static let info: UInt16 = 18
    static let alias: UInt16 = 20
    static let familySpecific: UInt16 = 26
    static let namespace: UInt16 = 28
    static let parentNamespace: UInt16 = 37
    static let infoKind: UInt16 = 1
    static let infoData: UInt16 = 2
  }

  /// The longest name of an interface, in bytes (`IFNAMSIZ` less the NUL).
  package static let longestName = 15

  /// Decodes RTM_NEWLINK.
  package init(_ message: NetlinkMessage) throws(NetlinkError) {
    guard message.type == Message.new, let index: Int32 = message.payload.integer(at: 4), index > 0,
      let flags: UInt32 = message.payload.integer(at: 8), message.payload.count >= 16
    else { throw .malformed("not an interface") }
    let attributes = try NetlinkAttributes(message.payload.dropFirst(16))
    guard let name = attributes.string(Attribute.name), !name.isEmpty else {
      throw .malformed("interface \(index) without a name")
    }
    self.index = index
    self.flags = flags
    self.name = name
    master = attributes.integer(Attribute.master)
    parent = attributes.integer(Attribute.parent)
    hasParentElsewhere = attributes[Attribute.parentNamespace] != nil
    mtu = attributes.integer(Attribute.mtu) ?? 0
    address = attributes[Attribute.address].flatMap { MACAddress(bytes: $0) }
    alias = attributes.string(Attribute.alias)
    kind = try attributes.nested(Attribute.info).string(Attribute.infoKind)
  }

  /// The fixed part of every message about an interface (`struct ifinfomsg`).
  static func message(
    _ type: UInt16, _ flags: NetlinkWriter.Flags = [], index: Int32 = 0, family: UInt8 = 0, up: Bool? = nil
  ) -> NetlinkWriter {
    var writer = NetlinkWriter(type: type, flags: flags)
    writer.appendInterface(index: index, family: family, up: up)
    return writer
  }
}

extension NetlinkWriter {
  mutating func appendInterface(index: Int32 = 0, family: UInt8 = 0, up: Bool? = nil) {
    append(family)
    append(UInt8(0))
    append(UInt16(0))
    append(index)
    append(UInt32(up == true ? 1 : 0))
    append(UInt32(up == nil ? 0 : 1))
  }
}
