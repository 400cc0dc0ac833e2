internal import LinuxKernel

/// The nftables tables of all networks as text for libnftables: one for IPv4 and, if a network has it, one for IPv6.
///
/// ```
/// prerouting ─┐                        ┌─ ports              (host address, protocol, port) → (container, port)
/// output ─────┴─ to the host itself? ──┤
///                                      └─ any_address_ports  (protocol, port)               → (container, port)
/// forward      to a bridge: replies, between its containers, what was published; nothing else, from other bridges neither, unless
///              its gateway's mode says more
/// postrouting  from a subnet to elsewhere, from 127.0.0.0/8 to a bridge, to a published port from a subnet: as the host
/// martians     127.0.0.0/8 is on no wire
/// ```
///
/// A published port is an element of a map, a network one of some sets: the rules are as many for a thousand as for none.
/// All parts of the text are values of types that cannot hold anything else (addresses, numbers, checked names).
struct Ruleset: Sendable {
  /// A published port and where it leads.
  struct Target: Hashable, Sendable {
    var port: PublishedPort
    /// Of the family of the port's own address.
    var container: IPAddress
  }

  /// What the rules are to know of a network.
  struct Member: Hashable, Sendable {
    var bridge: String
    var subnet: IPv4Prefix?
    var ipv6Subnet: IPv6Prefix?
    var isInternal = false
    var masquerades = true
    var ipv4Mode = GatewayMode.nat
    var ipv6Mode = GatewayMode.nat
    var connectsContainers = true

    func mode(in family: RuleFamily) -> GatewayMode { family == .ipv4 ? ipv4Mode : ipv6Mode }

    func subnet(in family: RuleFamily) -> String? {
      family == .ipv4 ? subnet?.description : ipv6Subnet?.description
    }
  }

  let table: String
  var families: [RuleFamily] = [.ipv4]

  /// Puts the tables in place of what there was, if anything, in one transaction.
  func replacing(_ members: [Member], _ targets: [Target]) -> String {
    let tables = families.map { family in
      """
      \(removing(family))
      table \(family.rawValue) \(table) {
      \(RulesetTable(family: family).text)
      }
      """
    }
    return (tables + [adding(members), adding(targets)]).joined(separator: "\n")
  }

  /// Removes the tables, whether they are there or not.
  var removing: String { families.map(removing).joined(separator: "\n") }

  private func removing(_ family: RuleFamily) -> String {
    """
    add table \(family.rawValue) \(table)
    delete table \(family.rawValue) \(table)
    """
  }

  /// Fails as a whole if a table is gone.
  func adding(_ targets: [Target]) -> String {
    elements("add", targets) { " : \($0.container) . \($0.port.containerPort)" }
  }

  /// Fails as a whole if one of them is gone.
  func deleting(_ targets: [Target]) -> String { elements("delete", targets) { _ in "" } }

  /// Fails as a whole if a table is gone.
  func adding(_ members: [Member]) -> String { elements("add", members) }

  /// Fails as a whole if one of them is gone.
  func deleting(_ members: [Member]) -> String { elements("delete", members) }

  private func elements(_ command: String, _ members: [Member]) -> String {
    families.flatMap { family in
      MemberSet.allCases.compactMap { set in
        let values = members.compactMap { set.element($0, in: family) }
        let texts = values.map { $0.map(\.text).joined(separator: " . ") }
        return texts.isEmpty
          ? nil
          : "\(command) element \(family.rawValue) \(table) \(set.rawValue) { \(texts.joined(separator: ", ")) }"
      }
    }.joined(separator: "\n")
  }

  private func elements(_ command: String, _ targets: [Target], _ data: (Target) -> String) -> String {
    var lines: [String] = []
    for family in families {
      let mine = targets.filter { $0.port.hostAddress.isIPv6 == (family == .ipv6) }
      let open = mine.filter(\.port.isOpen).map { "\($0.container) . \($0.port.transport) . \($0.port.containerPort)" }
      if !open.isEmpty {
        lines.append("\(command) element \(family.rawValue) \(table) open_ports { \(open.joined(separator: ", ")) }")
      }
      for (map, isAny) in [("any_address_ports", true), ("ports", false)] {
        let keys = mine.filter { !$0.port.isOpen && $0.port.hostAddress.isAny == isAny }.map { target in
          let address = isAny ? "" : "\(target.port.hostAddress) . "
          return "\(address)\(target.port.transport) . \(target.port.hostPort)\(data(target))"
        }
        if keys.isEmpty { continue }
        lines.append("\(command) element \(family.rawValue) \(table) \(map) { \(keys.joined(separator: ", ")) }")
      }
    }
    return lines.joined(separator: "\n")
  }
}
