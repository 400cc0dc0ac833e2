internal import JSON
internal import LinuxKernel

/// Whose a bridge is that was there before.
extension Bridge {
  /// What is written on those that we make.
  static let mark = "proa"

  /// Leaves alone what another engine uses. A bridge that somebody has set up for us is as good as our own, with its address.
  /// - Parameter table: of our rules.
  /// - Parameter inUse: containers of ours are attached to it.
  /// - Throws: ``NetworkError/bridgeOfAnother(_:reason:)``.
  func checkOwner(table: String, inUse: Bool) throws {
    var socket = try NetlinkSocket.open(.route)
    guard let link = try socket.link(named: name), link.kind == "bridge", link.alias != Self.mark else { return }
    if try Self.hasRules(table) {
      // Made before there was a mark: it is ours when the rules are gone, too.
      return try socket.setLink(link.index, alias: Self.mark)
    }
    if inUse { return }
    let foreign = try socket.links().filter {
      $0.master == link.index && $0.kind == "veth" && !ContainerLink.isHostInterface($0.name)
    }
    if let port = foreign.first {
      throw NetworkError.bridgeOfAnother(name, reason: "\(port.name) is a port of it")
    }
    if let place = try Self.rules(naming: name, but: table).first {
      throw NetworkError.bridgeOfAnother(name, reason: "rules in \(place) name it")
    }
    let addresses = try socket.addresses(of: IPv4Address.self).filter { $0.link == link.index }.map(\.prefix)
    if let other = addresses.first, let address, !addresses.contains(address) {
      throw NetworkError.bridgeOfAnother(name, reason: "it has the address \(other), and not \(address)")
    }
  }

  /// Of a manager before this one.
  private static func hasRules(_ table: String) throws(NetworkError) -> Bool {
    try NFTables.list("list tables", "list tables").contains { $0["table"]?["name"]?.string == table }
  }

  /// The chains with rules for an interface of that name, with their families and tables, `ip nat POSTROUTING`.
  private static func rules(naming name: String, but table: String) throws(NetworkError) -> [String] {
    try NFTables.list("list ruleset", "list rules").compactMap { $0["rule"] }.filter { rule in
      let comment = rule["comment"]?.string ?? ""
      return rule["table"]?.string != table && comment != table && !comment.hasPrefix("\(table) ")
        && mentions(name, rule["expr"] ?? .null)
    }.map { rule in ["family", "table", "chain"].map { rule[$0]?.string ?? "?" }.joined(separator: " ") }
  }

  private static func mentions(_ name: String, _ value: JSONValue) -> Bool {
    switch value {
    case .string(let text): text == name
    case .array(let values): values.contains { mentions(name, $0) }
    case .object(let object): object.members.contains { mentions(name, $0.value) }
    default: false
    }
  }
}
