/// A unicast IPv4 route of the main table.
package struct NetlinkRoute: Equatable, Sendable {
  /// Length 0 for the default route.
  package var destination: IPv4Prefix
  /// Nil if the destination is on the link.
  package var gateway: IPv4Address?
  /// The interface's index.
  package var link: Int32

  package init(destination: IPv4Prefix, gateway: IPv4Address? = nil, link: Int32) {
    self.destination = destination
    self.gateway = gateway
    self.link = link
  }

  /// Everything else, through `gateway`.
  package static func byDefault(through gateway: IPv4Address, link: Int32) -> NetlinkRoute? {
    IPv4Prefix(.any, length: 0).map { NetlinkRoute(destination: $0, gateway: gateway, link: link) }
  }

  enum Message {
    static let new: UInt16 = 24
    static let get: UInt16 = 26
  }

  enum Attribute {
    static let destination: UInt16 = 1
    static let link: UInt16 = 4
    static let gateway: UInt16 = 5
  }

  private static let mainTable: UInt8 = 254
  private static let unicast: UInt8 = 1

  /// Decodes RTM_NEWROUTE; nil for routes of other tables, kinds and families, and those with several next hops.
  package init?(_ message: NetlinkMessage) throws(NetlinkError) {
    guard message.type == Message.new, message.payload.count >= 12, let family: UInt8 = message.payload.integer(at: 0),
      let length: UInt8 = message.payload.integer(at: 1), let table: UInt8 = message.payload.integer(at: 4),
      let kind: UInt8 = message.payload.integer(at: 7)
    else { throw .malformed("not a route") }
    guard family == NetlinkAddress.family, table == Self.mainTable, kind == Self.unicast else { return nil }
    let attributes = try NetlinkAttributes(message.payload.dropFirst(12))
    guard let link: Int32 = attributes.integer(Attribute.link) else { return nil }
    let address = attributes[Attribute.destination].flatMap { IPv4Address(bytes: $0) } ?? .any
    guard let destination = IPv4Prefix(address, length: length) else {
      throw .malformed("a route to \(address)/\(length)")
    }
    self.init(
      destination: destination, gateway: attributes[Attribute.gateway].flatMap { IPv4Address(bytes: $0) }, link: link)
  }

  func message(_ type: UInt16, _ flags: NetlinkWriter.Flags) -> NetlinkWriter {
    var writer = Self.header(type, flags, length: destination.length, scope: gateway == nil ? 253 : 0)
    if destination.length > 0 { writer.attribute(Attribute.destination, destination.first.bytes) }
    if let gateway { writer.attribute(Attribute.gateway, gateway.bytes) }
    writer.attribute(Attribute.link, link)
    return writer
  }

  /// `struct rtmsg`.
  fileprivate static func header(
    _ type: UInt16, _ flags: NetlinkWriter.Flags, length: UInt8 = 0, scope: UInt8 = 0, isQuestion: Bool = false
  ) -> NetlinkWriter {
    let asBoot: UInt8 = 3
    var writer = NetlinkWriter(type: type, flags: flags)
    let fields: [UInt8] =
      isQuestion
      ? [NetlinkAddress.family, 0, 0, 0, 0, 0, 0, 0]
      : [NetlinkAddress.family, length, 0, 0, mainTable, asBoot, scope, unicast]
    for field in fields { writer.append(field) }
    writer.append(UInt32(0))
    return writer
  }
}

extension NetlinkSocket {
  /// The unicast IPv4 routes of the main table.
  package mutating func routes() throws(NetlinkError) -> [NetlinkRoute] {
    var routes: [NetlinkRoute] = []
    for reply in try dump(NetlinkRoute.header(NetlinkRoute.Message.get, [], isQuestion: true), "list routes") {
      if let route = try NetlinkRoute(reply) { routes.append(route) }
    }
    return routes
  }

  /// Adds the route in place of the one to the same destination, if there is one.
  package mutating func replaceRoute(_ route: NetlinkRoute) throws(NetlinkError) {
    try request(route.message(NetlinkRoute.Message.new, [.create, .replace]), "change route to \(route.destination)")
  }
}
