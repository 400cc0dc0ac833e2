/// An IPv4 address of an interface.
package struct NetlinkAddress: Equatable, Sendable {
  /// The interface's index.
  package var link: Int32
  package var prefix: IPv4Prefix

  package init(link: Int32, prefix: IPv4Prefix) {
    self.link = link
    self.prefix = prefix
  }

  enum Message {
    static let new: UInt16 = 20
    static let delete: UInt16 = 21
    static let get: UInt16 = 22
  }

  enum Attribute {
    static let address: UInt16 = 1
    static let local: UInt16 = 2
    static let broadcast: UInt16 = 4
  }

  static let family: UInt8 = 2

  /// Decodes RTM_NEWADDR.
  package init(_ message: NetlinkMessage) throws(NetlinkError) {
    guard message.type == Message.new, let family: UInt8 = message.payload.integer(at: 0), family == Self.family,
      let length: UInt8 = message.payload.integer(at: 1), let link: Int32 = message.payload.integer(at: 4)
    else { throw .malformed("not an IPv4 address") }
    let attributes = try NetlinkAttributes(message.payload.dropFirst(8))
    // On a point-to-point link the two differ, and the local one is ours.
    guard let bytes = attributes[Attribute.local] ?? attributes[Attribute.address],
      let address = IPv4Address(bytes: bytes), let prefix = IPv4Prefix(address, length: length)
    else { throw .malformed("an address of interface \(link) that is none") }
    self.init(link: link, prefix: prefix)
  }

  func message(_ type: UInt16, _ flags: NetlinkWriter.Flags) -> NetlinkWriter {
    var writer = NetlinkWriter(type: type, flags: flags)
    writer.append(Self.family)
    writer.append(prefix.length)
    writer.append(UInt8(0))
    writer.append(UInt8(prefix.address.isLoopback ? 254 : 0))
    writer.append(link)
    writer.attribute(Attribute.local, prefix.address.bytes)
    writer.attribute(Attribute.address, prefix.address.bytes)
    return writer
  }
}

extension NetlinkSocket {
  /// The IPv4 addresses of all interfaces.
  package mutating func addresses() throws(NetlinkError) -> [NetlinkAddress] {
    var message = NetlinkWriter(type: NetlinkAddress.Message.get, flags: [])
    message.append(NetlinkAddress.family)
    message.append(UInt8(0))
    message.append(UInt16(0))
    message.append(UInt32(0))
    var addresses: [NetlinkAddress] = []
    for reply in try dump(message, "list addresses") { addresses.append(try NetlinkAddress(reply)) }
    return addresses
  }

  /// Gives the interface the address, with its network's broadcast address. Harmless if it has it already.
  package mutating func addAddress(_ address: NetlinkAddress) throws(NetlinkError) {
    var message = address.message(NetlinkAddress.Message.new, [.create, .replace])
    if address.prefix.length < 31 { message.attribute(NetlinkAddress.Attribute.broadcast, address.prefix.last.bytes) }
    try request(message, "add address \(address.prefix) to interface \(address.link)")
  }

  package mutating func deleteAddress(_ address: NetlinkAddress) throws(NetlinkError) {
    try request(
      address.message(NetlinkAddress.Message.delete, []),
      "delete address \(address.prefix) of interface \(address.link)")
  }
}
