internal import LinuxKernel

/// The nftables table of all networks as text for libnftables.
///
/// ```
/// prerouting ─┐                        ┌─ ports              (host address, protocol, port) → (container, port)
/// output ─────┴─ to the host itself? ──┤
///                                      └─ any_address_ports  (protocol, port)               → (container, port)
/// forward      to a bridge: replies, between its containers, what was published; nothing else, from other bridges neither
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
    var container: IPv4Address
  }

  /// What the rules are to know of a network.
  struct Member: Hashable, Sendable {
    var bridge: String
    var subnet: IPv4Prefix
    var isInternal = false
    var masquerades = true
    var connectsContainers = true
  }

  let table: String

  /// Puts the whole table in place of what there was, if anything, in one transaction.
  func replacing(_ members: [Member], _ targets: [Target]) -> String {
    """
    \(removing)
    table ip \(table) {
    \(sets)
    \(maps)
    \(publishing)
    \(translation)
    \(filters)
    }
    \(adding(members))
    \(adding(targets))
    """
  }

  /// Removes the table, whether it is there or not.
  var removing: String {
    """
    add table ip \(table)
    delete table ip \(table)
    """
  }

  /// Fails as a whole if the table is gone.
  func adding(_ targets: [Target]) -> String {
    elements("add", targets) { " : \($0.container) . \($0.port.containerPort)" }
  }

  /// Fails as a whole if one of them is gone.
  func deleting(_ targets: [Target]) -> String { elements("delete", targets) { _ in "" } }

  /// Fails as a whole if the table is gone.
  func adding(_ members: [Member]) -> String { elements("add", members) }

  /// Fails as a whole if one of them is gone.
  func deleting(_ members: [Member]) -> String { elements("delete", members) }

  private func elements(_ command: String, _ members: [Member]) -> String {
    MemberSet.allCases.compactMap { set in
      let values = members.compactMap(set.element).map { $0.map(\.text).joined(separator: " . ") }
      return values.isEmpty
        ? nil : "\(command) element ip \(table) \(set.rawValue) { \(values.joined(separator: ", ")) }"
    }.joined(separator: "\n")
  }

  private func elements(_ command: String, _ targets: [Target], _ data: (Target) -> String) -> String {
    let anywhere = targets.filter { $0.port.hostAddress == .any }
    let somewhere = targets.filter { $0.port.hostAddress != .any }
    var lines: [String] = []
    if !anywhere.isEmpty {
      let keys = anywhere.map { "\($0.port.transport) . \($0.port.hostPort)\(data($0))" }
      lines.append("\(command) element ip \(table) any_address_ports { \(keys.joined(separator: ", ")) }")
    }
    if !somewhere.isEmpty {
      let keys = somewhere.map { "\($0.port.hostAddress) . \($0.port.transport) . \($0.port.hostPort)\(data($0))" }
      lines.append("\(command) element ip \(table) ports { \(keys.joined(separator: ", ")) }")
    }
    return lines.joined(separator: "\n")
  }
}

// MARK: - The parts of the table

extension Ruleset {
  private var sets: String {
    MemberSet.allCases.map { set in
      """
        set \(set.rawValue) {
          type \(set.type)
        }
      """
    }.joined(separator: "\n")
  }

  private var maps: String {
    """
      map ports {
        type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service
      }
      map any_address_ports {
        type inet_proto . inet_service : ipv4_addr . inet_service
      }
    """
  }

  private var publishing: String {
    """
      chain publish {
        dnat ip to ip daddr . meta l4proto . th dport map @ports
        dnat ip to meta l4proto . th dport map @any_address_ports
      }
      chain prerouting {
        type nat hook prerouting priority -100; policy accept;
        meta l4proto { tcp, udp } fib daddr type local goto publish
      }
      chain output {
        type nat hook output priority -100; policy accept;
        meta l4proto { tcp, udp } fib daddr type local goto publish
      }
    """
  }

  /// The second rule is for 127.0.0.1:port from the host, the third for a container that uses a published port, which may be of its own
  /// network: the answer would else go to the asker directly, and from an address that it did not ask.
  private var translation: String {
    """
      chain postrouting {
        type nat hook postrouting priority 100; policy accept;
        ip saddr @masqueraded oifname != @bridges masquerade
        ip saddr 127.0.0.0/8 oifname @bridges masquerade
        ip saddr @subnets oifname @bridges ct status dnat masquerade
      }
    """
  }

  /// `martians` is what makes `route_localnet` on the bridges safe (CVE-2020-8558): without it a neighbour, or a container, could reach what
  /// listens on the host's 127.0.0.1 or is published there. It stands before connection tracking, so that answers, which are still
  /// addressed to the bridge there, pass.
  private var filters: String {
    """
      chain martians {
        type filter hook prerouting priority -300; policy accept;
        iifname != "lo" ip daddr 127.0.0.0/8 drop
        iifname != "lo" ip saddr 127.0.0.0/8 drop
      }
      chain forward {
        type filter hook forward priority 0; policy accept;
        iifname . oifname @neighbours accept
        iifname @internal_bridges drop
        oifname @internal_bridges drop
        oifname @bridges ct state established,related accept
        oifname @bridges ct status dnat accept
        oifname @bridges drop
      }
    """
  }
}
