internal import JSON

/// Reading back what is in the kernel.
extension Ruleset {
  var listing: String { "list table ip \(table)" }

  /// A published port as one text, the same whether it is wanted or found.
  func element(_ target: Target) -> String {
    let port = target.port
    let address = port.hostAddress == .any ? [] : [port.hostAddress.description]
    let key = address + [port.transport.rawValue, "\(port.hostPort)"]
    return Self.text(key, ["\(target.container)", "\(port.containerPort)"])
  }

  /// The elements of both maps.
  func published() throws(NetworkError) -> Set<String> {
    var found: Set<String> = []
    for map in ["ports", "any_address_ports"] {
      let objects = try NFTables.list("list map ip \(table) \(map)", "list published ports")
      for element in objects.compactMap({ $0["map"]?["elem"]?.array }).joined() {
        guard let sides = element.array, sides.count == 2 else { continue }
        found.insert(Self.text(Self.parts(sides[0]), Self.parts(sides[1])))
      }
    }
    return found
  }

  /// A network's place in the sets as texts, the same whether it is wanted or found.
  func elements(_ member: Member) -> Set<String> {
    Set(
      MemberSet.allCases.compactMap { set in
        set.element(member).map { Self.text([set.rawValue], $0.map(\.found)) }
      })
  }

  /// The elements of all sets.
  func members() throws(NetworkError) -> Set<String> {
    var found: Set<String> = []
    for set in MemberSet.allCases {
      let objects = try NFTables.list("list set ip \(table) \(set.rawValue)", "list networks")
      for element in objects.compactMap({ $0["set"]?["elem"]?.array }).joined() {
        found.insert(Self.text([set.rawValue], Self.parts(element)))
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
