/// An address that an interface keeps when it goes to another network namespace, where the kernel takes all it had.
package struct KeptAddress: Equatable, Sendable {
  package var family: UInt8
  package var prefixLength: UInt8
  /// `IFA_F_…` of those that somebody sets.
  package var flags: UInt32
  /// What else the kernel said of it, by type.
  package var attributes: [UInt16: [UInt8]]

  private enum Attribute {
    static let flags: UInt16 = 8
    /// Address, local address, broadcast, anycast, priority of its route. Its label would have the interface's old name.
    static let kept: [UInt16] = [1, 2, 4, 5, 9]
  }

  /// `IFA_F_NODAD`, `HOMEADDRESS`, `MANAGETEMPADDR`, `NOPREFIXROUTE`, `MCAUTOJOIN`: the others are the kernel's to set.
  private static let settable: UInt32 = 0x02 | 0x10 | 0x100 | 0x200 | 0x400

  /// Decodes RTM_NEWADDR.
  /// - Returns: `nil` if it is not one that somebody gave the interface of that index for good, and means everywhere.
  init?(_ message: NetlinkMessage, of link: Int32) throws(NetlinkError) {
    guard message.type == AddressMessage.new, message.payload.count >= 8,
      let family: UInt8 = message.payload.integer(at: 0), let length: UInt8 = message.payload.integer(at: 1),
      let short: UInt8 = message.payload.integer(at: 2), let scope: UInt8 = message.payload.integer(at: 3),
      let index: Int32 = message.payload.integer(at: 4)
    else { throw .malformed("not an address") }
    let attributes = try NetlinkAttributes(message.payload.dropFirst(8))
    let flags = attributes.integer(Attribute.flags) ?? UInt32(short)
    let permanent: UInt32 = 0x80
    guard index == link, scope == 0, flags & permanent != 0 else { return nil }
    self.family = family
    prefixLength = length
    self.flags = flags & Self.settable
    self.attributes = Attribute.kept.reduce(into: [:]) { kept, type in kept[type] = attributes[type].map { Array($0) } }
  }

  func message(for link: Int32) -> NetlinkWriter {
    var writer = NetlinkWriter(type: AddressMessage.new, flags: [.create, .replace])
    writer.append(family)
    writer.append(prefixLength)
    writer.append(UInt8(0))
    writer.append(UInt8(0))
    writer.append(link)
    for (type, value) in attributes.sorted(by: { $0.key < $1.key }) { writer.attribute(type, value) }
    writer.attribute(Attribute.flags, flags)
    return writer
  }
}

extension NetlinkSocket {
  /// The permanent addresses of global scope that an interface has, of every family, in the kernel's order.
  package mutating func keptAddresses(of link: Int32) throws(NetlinkError) -> [KeptAddress] {
    var message = NetlinkWriter(type: AddressMessage.get, flags: [])
    message.append(UInt32(0))
    message.append(link)
    var addresses: [KeptAddress] = []
    for reply in try dump(message, "list the addresses of interface \(link)") {
      if let address = try KeptAddress(reply, of: link) { addresses.append(address) }
    }
    return addresses
  }

  package mutating func addAddress(_ address: KeptAddress, to link: Int32) throws(NetlinkError) {
    try request(address.message(for: link), "add an address to interface \(link)")
  }

  /// Puts an interface, down and without addresses, into another network namespace under a name that nobody there has.
  package mutating func moveLink(
    _ index: Int32, to namespace: borrowing FileDescriptor, named name: String
  ) throws(NetlinkError) {
    let number = namespace.number
    var message = NetlinkLink.message(NetlinkLink.Message.set, index: index)
    message.attribute(NetlinkLink.Attribute.name, name)
    message.attribute(NetlinkLink.Attribute.namespace, number)
    try request(message, "move interface \(index) as \(name)")
  }
}
