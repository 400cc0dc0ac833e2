/// An address of an interface.
package struct NetlinkAddress<Address: InternetAddress>: Equatable, Sendable {
  /// The interface's index.
  package var link: Int32
  package var prefix: InternetPrefix<Address>

  package init(link: Int32, prefix: InternetPrefix<Address>) {
    self.link = link
    self.prefix = prefix
  }

  /// Decodes RTM_NEWADDR.
  package init(_ message: NetlinkMessage) throws(NetlinkError) {
    guard message.type == AddressMessage.new, let family: UInt8 = message.payload.integer(at: 0),
      family == Address.family, let length: UInt8 = message.payload.integer(at: 1),
      let link: Int32 = message.payload.integer(at: 4)
    else { throw .malformed("not an address of that family") }
    let attributes = try NetlinkAttributes(message.payload.dropFirst(8))
    // On a point-to-point link the two differ, and the local one is ours.
    guard let bytes = attributes[AddressAttribute.local] ?? attributes[AddressAttribute.address],
      let address = Address(bytes: bytes), let prefix = InternetPrefix(address, length: length)
    else { throw .malformed("an address of interface \(link) that is none") }
    self.init(link: link, prefix: prefix)
  }

  func message(_ type: UInt16, _ flags: NetlinkWriter.Flags) -> NetlinkWriter {
    // A new IPv6 address is usable at once: nobody else has it, and looking for one takes a second.
    let withoutDetection: UInt8 = 2
    var writer = NetlinkWriter(type: type, flags: flags)
    writer.append(Address.family)
    writer.append(prefix.length)
    writer.append(Address.family == IPv6Address.family ? withoutDetection : 0)
    writer.append(UInt8(prefix.address.isLoopback ? 254 : 0))
    writer.append(link)
    writer.attribute(AddressAttribute.local, prefix.address.bytes)
    writer.attribute(AddressAttribute.address, prefix.address.bytes)
    return writer
  }
}

enum AddressMessage {
  static let new: UInt16 = 20
  static let delete: UInt16 = 21
  static let get: UInt16 = 22
}

enum AddressAttribute {
  static let address: UInt16 = 1
  static let local: UInt16 = 2
  static let broadcast: UInt16 = 4
}

extension NetlinkSocket {
  /// The addresses of one family that all interfaces have.
  package mutating func addresses<Address>(
    of family: Address.Type = Address.self
  ) throws(NetlinkError) -> [NetlinkAddress<Address>] {
    var message = NetlinkWriter(type: AddressMessage.get, flags: [])
    message.append(Address.family)
    message.append(UInt8(0))
    message.append(UInt16(0))
    message.append(UInt32(0))
    var addresses: [NetlinkAddress<Address>] = []
    for reply in try dump(message, "list addresses") { addresses.append(try NetlinkAddress(reply)) }
    return addresses
  }

  /// Gives the interface the address, with its network's broadcast address if there is such a thing. Harmless if it has it already.
  package mutating func addAddress<Address>(_ address: NetlinkAddress<Address>) throws(NetlinkError) {
    var message = address.message(AddressMessage.new, [.create, .replace])
    if Address.family == IPv4Address.family, address.prefix.length < 31 {
      message.attribute(AddressAttribute.broadcast, address.prefix.last.bytes)
    }
    try request(message, "add address \(address.prefix.description) to interface \(address.link)")
  }

  package mutating func deleteAddress<Address>(_ address: NetlinkAddress<Address>) throws(NetlinkError) {
    try request(
      address.message(AddressMessage.delete, []),
      "delete address \(address.prefix.description) of interface \(address.link)")
  }
}
