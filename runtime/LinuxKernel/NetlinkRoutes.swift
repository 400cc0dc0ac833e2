/// A unicast route of the main table.
package struct NetlinkRoute<Address: InternetAddress>: Equatable, Sendable {
  /// Length 0 for the default route.
  package var destination: InternetPrefix<Address>
  /// Nil if the destination is on the link.
  package var gateway: Address?
  /// The interface's index.
  package var link: Int32

  package init(destination: InternetPrefix<Address>, gateway: Address? = nil, link: Int32) {
    self.destination = destination
    self.gateway = gateway
    self.link = link
  }

  /// Everything else, through `gateway`; nil: to whoever is on the link.
  package static func byDefault(through gateway: Address?, link: Int32) -> NetlinkRoute {
    NetlinkRoute(destination: .everything, gateway: gateway, link: link)
  }

  /// Decodes RTM_NEWROUTE; nil for routes of other tables, kinds and families, and those with several next hops.
  package init?(_ message: NetlinkMessage) throws(NetlinkError) {
    guard message.type == RouteMessage.new, message.payload.count >= 12,
      let family: UInt8 = message.payload.integer(at: 0), let length: UInt8 = message.payload.integer(at: 1),
      let table: UInt8 = message.payload.integer(at: 4), let kind: UInt8 = message.payload.integer(at: 7)
    else { throw .malformed("not a route") }
    guard family == Address.family, table == RouteMessage.mainTable, kind == RouteMessage.unicast else { return nil }
    let attributes = try NetlinkAttributes(message.payload.dropFirst(12))
    guard let link: Int32 = attributes.integer(RouteAttribute.link) else { return nil }
    let address = attributes[RouteAttribute.destination].flatMap { Address(bytes: $0) } ?? .any
    guard let destination = InternetPrefix(address, length: length) else {
      throw .malformed("a route to \(address.description)/\(length)")
    }
    self.init(
      destination: destination, gateway: attributes[RouteAttribute.gateway].flatMap { Address(bytes: $0) }, link: link)
  }

  func message(_ type: UInt16, _ flags: NetlinkWriter.Flags) -> NetlinkWriter {
    let onLink: UInt8 = 253
    var writer = RouteMessage.header(
      type, flags,
      [
        Address.family, destination.length, 0, 0, RouteMessage.mainTable, RouteMessage.asBoot,
        gateway == nil ? onLink : 0, RouteMessage.unicast,
      ])
    if destination.length > 0 { writer.attribute(RouteAttribute.destination, destination.first.bytes) }
    if let gateway { writer.attribute(RouteAttribute.gateway, gateway.bytes) }
    writer.attribute(RouteAttribute.link, link)
    return writer
  }
}

enum RouteMessage {
  static let new: UInt16 = 24
  static let get: UInt16 = 26

  static let mainTable: UInt8 = 254
  static let localTable: UInt8 = 255
  static let asBoot: UInt8 = 3
  static let unicast: UInt8 = 1
  static let local: UInt8 = 2

  /// `struct rtmsg`.
  static func header(_ type: UInt16, _ flags: NetlinkWriter.Flags, _ fields: [UInt8]) -> NetlinkWriter {
    var writer = NetlinkWriter(type: type, flags: flags)
    for field in fields { writer.append(field) }
    writer.append(UInt32(0))
    return writer
  }
}

enum RouteAttribute {
  static let destination: UInt16 = 1
  static let link: UInt16 = 4
  static let gateway: UInt16 = 5
  static let priority: UInt16 = 6
}

extension NetlinkSocket {
  /// The unicast routes of the main table for one family.
  package mutating func routes<Address>(
    of family: Address.Type = Address.self
  ) throws(NetlinkError) -> [NetlinkRoute<Address>] {
    let question = RouteMessage.header(RouteMessage.get, [], [Address.family, 0, 0, 0, 0, 0, 0, 0])
    var routes: [NetlinkRoute<Address>] = []
    for reply in try dump(question, "list routes") {
      if let route = try NetlinkRoute<Address>(reply) { routes.append(route) }
    }
    return routes
  }

  /// Adds the route in place of the one to the same destination, if there is one.
  package mutating func replaceRoute<Address>(_ route: NetlinkRoute<Address>) throws(NetlinkError) {
    try request(
      route.message(RouteMessage.new, [.create, .replace]), "change route to \(route.destination.description)")
  }

  /// Has the host take packets to ::1 that reach it by this interface: answers, whose address connection tracking has turned back.
  /// Packets that have it on the wire are dropped before that. What the host itself sends to ::1 keeps to the loopback interface.
  package mutating func takeLoopback(from link: Int32) throws(NetlinkError) {
    let behindLoopback: UInt32 = 1 << 30
    var message = RouteMessage.header(
      RouteMessage.new, [.create, .replace],
      [IPv6Address.family, 128, 0, 0, RouteMessage.localTable, RouteMessage.asBoot, 0, RouteMessage.local])
    message.attribute(RouteAttribute.destination, IPv6Address.loopback.bytes)
    message.attribute(RouteAttribute.link, link)
    message.attribute(RouteAttribute.priority, behindLoopback)
    try request(message, "route ::1 to interface \(link)")
  }
}
