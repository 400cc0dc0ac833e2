public import JSON

/// What somebody wants of a container's place on its network, beyond the network itself.
public struct EndpointRequest: Equatable, Sendable, JSONMappable {
  /// `02:42:ac:11:00:02`; empty: one made of the address.
  public var macAddress = ""
  /// Empty: the next free one.
  public var ipv4Address = ""
  public var ipv6Address = ""
  /// Further names in the network's DNS.
  public var aliases: [String] = []
  /// Names that this container alone knows others by: `server:db`, or `server`.
  public var links: [String] = []
  /// Whoever has the highest of a container's networks is the way to everywhere else.
  public var gatewayPriority = 0

  /// Of the network's driver, by their names.
  public var driverOptions: [String: String] = [:]

  public init(macAddress: String = "", ipv4Address: String = "", aliases: [String] = []) {
    (self.macAddress, self.ipv4Address, self.aliases) = (macAddress, ipv4Address, aliases)
  }

  public init() { self.init(macAddress: "") }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("macAddress", &macAddress)
    try json.nonEmpty("ipv4Address", &ipv4Address)
    try json.nonEmpty("ipv6Address", &ipv6Address)
    try json.nonEmpty("aliases", &aliases)
    try json.nonEmpty("links", &links)
    try json.field("gatewayPriority", &gatewayPriority)
    try json.nonEmpty("driverOptions", &driverOptions)
  }

  /// Docker finds this out when it connects a container that starts, and so do we.
  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's messages for what the default networks cannot do.
  func checkForDefaultNetwork() throws(ContainerError) {
    guard ipv4Address.isEmpty, ipv6Address.isEmpty else {
      throw .invalid("user specified IP address is supported on user defined networks only")
    }
    guard aliases.isEmpty else {
      throw .invalid("network-scoped alias is supported only for containers in user defined networks")
    }
    guard links.isEmpty else {
      throw .unsupported("links of an endpoint on the default network, where they are a container's")
    }
  }

  /// Those that it does not have yet.
  public mutating func add(links: [String]) {
    for link in links where !self.links.contains(link) { self.links.append(link) }
  }

  /// What the links' names stand for. Of a container that there is not, nothing is known until it is there.
  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words.
  func linkedNames() throws(ContainerError) -> [String: String] {
    var names: [String: String] = [:]
    for link in links {
      let parts = link.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
        throw .invalid("bad format for links: \(link)")
      }
      names[parts[parts.count - 1]] = parts[0]
    }
    return names
  }
}
