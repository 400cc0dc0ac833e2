public import JSON

/// The content of `names.json`: whose names a container's shim knows, and who else may be asked. Written by the manager at any
/// time, atomically; read anew when it has changed.
public struct NameConfiguration: Equatable, Sendable, JSONMappable {
  /// Files, one for each of the container's networks: its name in the first line, then a line for each container on it, the address
  /// and the names, with blanks between.
  public var tables: [String] = []
  /// The addresses of name servers, the first first; empty if nobody else is to be asked.
  public var servers: [String] = []
  /// What the container alone calls others, and what these are called in the tables.
  public var aliases: [String: String] = [:]

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("tables", &tables)
    try json.nonEmpty("servers", &servers)
    try json.nonEmpty("aliases", &aliases)
  }
}

/// Where a shim answers questions about names in the container's network namespace, at ``address``.
public struct NamePorts: Equatable, Sendable, JSONMappable {
  public static let address = "127.0.0.11"

  public var udp: UInt16 = 0
  public var tcp: UInt16 = 0

  public init() {}

  public init(udp: UInt16, tcp: UInt16) { (self.udp, self.tcp) = (udp, tcp) }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("udp", &udp)
    try json.required("tcp", &tcp)
  }
}
