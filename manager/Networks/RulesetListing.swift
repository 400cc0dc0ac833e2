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

  private static func text(_ key: [String], _ value: [String]) -> String {
    "\(key.joined(separator: " . ")) : \(value.joined(separator: " . "))"
  }

  private static func parts(_ side: JSONValue) -> [String] {
    (side["concat"]?.array ?? []).map { part in
      if case .number(let number) = part { number.text } else { part.string ?? "" }
    }
  }
}
