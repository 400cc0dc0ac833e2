internal import JSON
internal import LinuxKernel

/// Reading back what is in the kernel.
extension Ruleset {
  var listing: [String] { families.map { "list table \($0.rawValue) \(table)" } }

  /// A published port as one text, the same whether it is wanted or found.
  func element(_ target: Target) -> String {
    let port = target.port
    if port.isOpen {
      let place = ["\(target.container)", "\(port.transport.number)", "\(port.containerPort)"]
      return Self.text([family(of: port.hostAddress)], place)
    }
    let key = [
      family(of: port.hostAddress), port.hostAddress.isAny ? "" : port.hostAddress.description,
      "\(port.transport.number)", "\(port.hostPort)",
    ]
    return Self.text(key, ["\(target.container)", "\(port.containerPort)"])
  }

  private func family(of address: IPAddress) -> String {
    (address.isIPv6 ? RuleFamily.ipv6 : .ipv4).rawValue
  }

  /// The elements of all maps.
  func published() throws(NetworkError) -> Set<String> {
    var found: Set<String> = []
    for family in families {
      let open = try NFTables.list("list set \(family.rawValue) \(table) open_ports", "list published ports")
      for element in open.compactMap({ $0["set"]?["elem"]?.array }).joined() {
        found.insert(Self.text([family.rawValue], Self.parts(element)))
      }
      for (map, address) in [("ports", []), ("any_address_ports", [""])] {
        let objects = try NFTables.list("list map \(family.rawValue) \(table) \(map)", "list published ports")
        for element in objects.compactMap({ $0["map"]?["elem"]?.array }).joined() {
          guard let sides = element.array, sides.count == 2 else { continue }
          found.insert(Self.text([family.rawValue] + address + Self.parts(sides[0]), Self.parts(sides[1])))
        }
      }
    }
    return found
  }

  /// A network's place in the sets as texts, the same whether it is wanted or found.
  func elements(_ member: Member) -> Set<String> {
    Set(
      families.flatMap { family in
        MemberSet.allCases.compactMap { set in
          set.element(member, in: family).map { Self.text([family.rawValue, set.rawValue], $0.map(\.found)) }
        }
      })
  }

  /// The elements of all sets.
  func members() throws(NetworkError) -> Set<String> {
    var found: Set<String> = []
    for family in families {
      for set in MemberSet.allCases {
        let objects = try NFTables.list("list set \(family.rawValue) \(table) \(set.rawValue)", "list networks")
        for element in objects.compactMap({ $0["set"]?["elem"]?.array }).joined() {
          found.insert(Self.text([family.rawValue, set.rawValue], Self.parts(element)))
        }
      }
    }
    return found
  }

  private static func text(_ key: [String], _ value: [String]) -> String {
    "\(key.joined(separator: " . ")) : \(value.joined(separator: " . "))"
  }

  private static func parts(_ side: JSONValue) -> [String] {
    (side["concat"]?.array ?? [side]).map(part)
  }

  private static func part(_ value: JSONValue) -> String {
    if let prefix = value["prefix"], let address = prefix["addr"]?.string, let length = prefix["len"] {
      return "\(address)/\(part(length))"
    }
    return if case .number(let number) = value { number.text } else { value.string ?? "" }
  }
}

extension TransportProtocol {
  /// Of the Internet's list of protocols.
  fileprivate var number: UInt8 {
    switch self {
    case .tcp: 6
    case .udp: 17
    case .sctp: 132
    }
  }
}
