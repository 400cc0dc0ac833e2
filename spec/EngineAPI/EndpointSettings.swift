public import JSON

/// The networks that a new container joins (Engine API `NetworkingConfig`).
public struct NetworkingConfig: JSONMappable, Equatable, Sendable {
  /// By name of the network.
  public var endpoints: [String: EndpointSettings]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nullable("EndpointsConfig", &endpoints)
    json.unknown(&unknown)
  }
}

/// A container's place in one network (Engine API `EndpointSettings`).
public struct EndpointSettings: JSONMappable, Equatable, Sendable {
  /// What was asked for.
  public var ipam: EndpointIPAMConfig?
  public var links: [String]?
  public var aliases: [String]?
  public var macAddress = ""
  public var driverOptions: [String: String]?
  public var gatewayPriority = 0
  public var networkID = ""
  public var endpointID = ""
  public var gateway = ""
  public var ipAddress = ""
  public var ipPrefixLength = 0
  public var ipv6Gateway = ""
  public var globalIPv6Address = ""
  public var globalIPv6PrefixLength = 0
  public var dnsNames: [String]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nullable("IPAMConfig", &ipam)
    try json.nullable("Links", &links)
    try json.nullable("Aliases", &aliases)
    try json.field("MacAddress", &macAddress)
    try json.nullable("DriverOpts", &driverOptions)
    try json.field("GwPriority", &gatewayPriority)
    try json.field("NetworkID", &networkID)
    try json.field("EndpointID", &endpointID)
    try json.field("Gateway", &gateway)
    try json.field("IPAddress", &ipAddress)
    try json.field("IPPrefixLen", &ipPrefixLength)
    try json.field("IPv6Gateway", &ipv6Gateway)
    try json.field("GlobalIPv6Address", &globalIPv6Address)
    try json.field("GlobalIPv6PrefixLen", &globalIPv6PrefixLength)
    try json.nullable("DNSNames", &dnsNames)
    json.unknown(&unknown)
  }
}

/// Addresses that were asked for (Engine API `EndpointIPAMConfig`).
public struct EndpointIPAMConfig: JSONMappable, Equatable, Sendable {
  public var ipv4Address = ""
  public var ipv6Address = ""
  public var linkLocalIPs: [String] = []
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("IPv4Address", &ipv4Address)
    try json.nonEmpty("IPv6Address", &ipv6Address)
    try json.nonEmpty("LinkLocalIPs", &linkLocalIPs)
    json.unknown(&unknown)
  }
}
