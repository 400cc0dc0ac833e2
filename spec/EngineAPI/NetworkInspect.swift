public import JSON

/// A network: a line of `GET /networks`, and the answer to `GET /networks/{id}` (Engine API `Network`).
public struct NetworkInspect: JSONMappable, Equatable, Sendable {
  public var name = ""
  public var id = ""
  /// RFC 3339.
  public var created = ""
  public var scope = "local"
  public var driver = ""
  public var enablesIPv4 = true
  public var enablesIPv6 = false
  public var ipam = IPAM()
  public var isInternal = false
  public var isAttachable = false
  public var isIngress = false
  public var configurationFrom = ConfigReference()
  public var isConfigurationOnly = false
  /// By identifier of the container.
  public var containers: [String: NetworkContainer] = [:]
  public var options: [String: String] = [:]
  public var labels: [String: String] = [:]
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Name", &name)
    try json.field("Id", &id)
    try json.field("Created", &created)
    try json.field("Scope", &scope)
    try json.field("Driver", &driver)
    try json.field("EnableIPv4", &enablesIPv4)
    try json.field("EnableIPv6", &enablesIPv6)
    try json.field("IPAM", &ipam)
    try json.field("Internal", &isInternal)
    try json.field("Attachable", &isAttachable)
    try json.field("Ingress", &isIngress)
    try json.field("ConfigFrom", &configurationFrom)
    try json.field("ConfigOnly", &isConfigurationOnly)
    try json.field("Containers", &containers)
    try json.field("Options", &options)
    try json.field("Labels", &labels)
    json.unknown(&unknown)
  }

  /// The network whose configuration this one uses (Engine API `ConfigReference`).
  public struct ConfigReference: JSONMappable, Equatable, Sendable {
    public var network = ""

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) { try json.field("Network", &network) }
  }
}

/// How a network gives addresses (Engine API `IPAM`).
public struct IPAM: JSONMappable, Equatable, Sendable {
  public var driver = "default"
  public var options: [String: String]?
  public var configurations: [Pool] = []

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Driver", &driver)
    try json.nullable("Options", &options)
    try json.field("Config", &configurations)
  }

  /// Engine API `IPAMConfig`.
  public struct Pool: JSONMappable, Equatable, Sendable {
    /// `172.30.0.0/16`
    public var subnet = ""
    /// `172.30.5.0/24`
    public var range = ""
    public var gateway = ""
    /// Addresses that are not to be given out, by names.
    public var auxiliaryAddresses: [String: String] = [:]
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nonEmpty("Subnet", &subnet)
      try json.nonEmpty("IPRange", &range)
      try json.nonEmpty("Gateway", &gateway)
      try json.nonEmpty("AuxiliaryAddresses", &auxiliaryAddresses)
      json.unknown(&unknown)
    }
  }
}

/// A container on a network (Engine API `NetworkContainer`).
public struct NetworkContainer: JSONMappable, Equatable, Sendable {
  public var name = ""
  public var endpointID = ""
  public var macAddress = ""
  /// With the length of the prefix.
  public var ipv4Address = ""
  public var ipv6Address = ""

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Name", &name)
    try json.field("EndpointID", &endpointID)
    try json.field("MacAddress", &macAddress)
    try json.field("IPv4Address", &ipv4Address)
    try json.field("IPv6Address", &ipv6Address)
  }
}

/// The answer to `POST /networks/prune`.
public struct NetworksPruneResponse: JSONMappable, Equatable, Sendable {
  public var networksDeleted: [String]?

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nullable("NetworksDeleted", &networksDeleted)
  }
}
