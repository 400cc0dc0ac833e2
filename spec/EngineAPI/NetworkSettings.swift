public import JSON

/// How a running container is connected (Engine API `NetworkSettings`). The members after the ports repeat the default bridge's endpoint.
public struct NetworkSettings: JSONMappable, Equatable, Sendable {
  public var bridge = ""
  public var sandboxID = ""
  /// The path of the network namespace.
  public var sandboxKey = ""
  public var ports = PortMap()
  public var hairpinMode = false
  public var linkLocalIPv6Address = ""
  public var linkLocalIPv6PrefixLength = 0
  public var secondaryIPAddresses: [Address]?
  public var secondaryIPv6Addresses: [Address]?
  public var endpointID = ""
  public var gateway = ""
  public var globalIPv6Address = ""
  public var globalIPv6PrefixLength = 0
  public var ipAddress = ""
  public var ipPrefixLength = 0
  public var ipv6Gateway = ""
  public var macAddress = ""
  /// By name of the network.
  public var networks: [String: EndpointSettings]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Bridge", &bridge)
    try json.field("SandboxID", &sandboxID)
    try json.field("SandboxKey", &sandboxKey)
    try json.field("Ports", &ports)
    try json.field("HairpinMode", &hairpinMode)
    try json.field("LinkLocalIPv6Address", &linkLocalIPv6Address)
    try json.field("LinkLocalIPv6PrefixLen", &linkLocalIPv6PrefixLength)
    try json.nullable("SecondaryIPAddresses", &secondaryIPAddresses)
    try json.nullable("SecondaryIPv6Addresses", &secondaryIPv6Addresses)
    try json.field("EndpointID", &endpointID)
    try json.field("Gateway", &gateway)
    try json.field("GlobalIPv6Address", &globalIPv6Address)
    try json.field("GlobalIPv6PrefixLen", &globalIPv6PrefixLength)
    try json.field("IPAddress", &ipAddress)
    try json.field("IPPrefixLen", &ipPrefixLength)
    try json.field("IPv6Gateway", &ipv6Gateway)
    try json.field("MacAddress", &macAddress)
    try json.nullable("Networks", &networks)
    json.unknown(&unknown)
  }
}

extension NetworkSettings {
  /// An address with its prefix (Engine API `Address`).
  public struct Address: JSONMappable, Equatable, Sendable {
    public var address = ""
    public var prefixLength = 0
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nonEmpty("Addr", &address)
      try json.field("PrefixLen", &prefixLength)
      json.unknown(&unknown)
    }
  }
}
