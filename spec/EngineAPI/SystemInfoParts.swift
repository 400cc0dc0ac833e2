public import JSON

extension SystemInfo {
  /// Where networks get their subnets (Engine API `SystemInfo.DefaultAddressPools`).
  public struct AddressPool: JSONMappable, Equatable, Sendable {
    /// `172.30.0.0/16`.
    public var base = ""
    /// Prefix length of each subnet.
    public var size = 0
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("Base", &base)
      try json.field("Size", &size)
      json.unknown(&unknown)
    }
  }
}

extension SystemInfo {
  /// Engine API `Commit`.
  public struct Commit: JSONMappable, Equatable, Sendable {
    public var id = ""
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("ID", &id)
      json.unknown(&unknown)
    }
  }
}

extension SystemInfo {
  /// An OCI runtime (Engine API `Runtime`).
  public struct Runtime: JSONMappable, Equatable, Sendable {
    public var path = ""
    public var arguments: [String] = []
    public var status: [String: String] = [:]
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nonEmpty("path", &path)
      try json.nonEmpty("runtimeArgs", &arguments)
      try json.nonEmpty("status", &status)
      json.unknown(&unknown)
    }
  }
}

extension SystemInfo {
  /// Names of drivers (Engine API `PluginsInfo`).
  public struct PluginsInfo: JSONMappable, Equatable, Sendable {
    public var volume: [String]?
    public var network: [String]?
    public var authorization: [String]?
    public var log: [String]?
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nullable("Volume", &volume)
      try json.nullable("Network", &network)
      try json.nullable("Authorization", &authorization)
      try json.nullable("Log", &log)
      json.unknown(&unknown)
    }
  }
}

extension SystemInfo {
  /// Engine API `RegistryServiceConfig`.
  public struct RegistryServiceConfig: JSONMappable, Equatable, Sendable {
    public var insecureRegistryCIDRs: [String]?
    public var indexConfigs: [String: JSONValue]?
    public var mirrors: [String]?
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    /// Of a daemon that knows no registries.
    public static var empty: RegistryServiceConfig {
      var config = RegistryServiceConfig()
      (config.insecureRegistryCIDRs, config.indexConfigs, config.mirrors) = ([], [:], [])
      return config
    }

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nullable("InsecureRegistryCIDRs", &insecureRegistryCIDRs)
      try json.nullable("IndexConfigs", &indexConfigs)
      try json.nullable("Mirrors", &mirrors)
      json.unknown(&unknown)
    }
  }
}

extension SystemInfo {
  /// Engine API `SwarmInfo`.
  public struct SwarmInfo: JSONMappable, Equatable, Sendable {
    public var nodeID = ""
    public var nodeAddress = ""
    public var localNodeState: String = "inactive"
    public var controlAvailable = false
    public var error = ""
    public var remoteManagers: [JSONValue]?
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("NodeID", &nodeID)
      try json.field("NodeAddr", &nodeAddress)
      try json.field("LocalNodeState", &localNodeState)
      try json.field("ControlAvailable", &controlAvailable)
      try json.field("Error", &error)
      try json.nullable("RemoteManagers", &remoteManagers)
      json.unknown(&unknown)
    }
  }
}
