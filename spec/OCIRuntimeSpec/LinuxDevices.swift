public import JSON

/// A device node to make in the container (config-linux.md §Devices).
public struct LinuxDevice: JSONMappable, Equatable {
  /// `c` or `u`: character, `b`: block, `p`: FIFO.
  public var type = ""
  public var path = ""
  public var major: Int64?
  public var minor: Int64?
  /// Permission bits.
  public var fileMode: UInt32?
  public var uid: UInt32?
  public var gid: UInt32?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("type", &type)
    try json.required("path", &path)
    try json.optional("major", &major)
    try json.optional("minor", &minor)
    try json.optional("fileMode", &fileMode)
    try json.optional("uid", &uid)
    try json.optional("gid", &gid)
    json.unknown(&unknown)
  }
}

/// A host network device given to the container.
public struct LinuxNetDevice: JSONMappable, Equatable {
  /// Its name in the container; the same as on the host if there is none.
  public var name: String?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("name", &name)
    json.unknown(&unknown)
  }
}

/// Execution domain, `personality(2)`.
public struct LinuxPersonality: JSONMappable, Equatable {
  /// `LINUX` or `LINUX32`.
  public var domain = ""
  public var flags: [String] = []
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("domain", &domain)
    try json.nonEmpty("flags", &flags)
    json.unknown(&unknown)
  }
}

/// Offset of a clock in a time namespace, `time_namespaces(7)`.
public struct LinuxTimeOffset: JSONMappable, Equatable {
  public var secs: Int64?
  public var nanosecs: UInt32?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("secs", &secs)
    try json.optional("nanosecs", &nanosecs)
    json.unknown(&unknown)
  }
}

/// Cache and memory bandwidth allocation (config-linux.md §Intel RDT).
public struct LinuxIntelRdt: JSONMappable, Equatable {
  public var closID: String?
  public var schemata: [String] = []
  public var l3CacheSchema: String?
  public var memBwSchema: String?
  public var enableMonitoring = false
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("closID", &closID)
    try json.nonEmpty("schemata", &schemata)
    try json.optional("l3CacheSchema", &l3CacheSchema)
    try json.optional("memBwSchema", &memBwSchema)
    try json.flag("enableMonitoring", &enableMonitoring)
    json.unknown(&unknown)
  }
}

/// NUMA policy, `set_mempolicy(2)`.
public struct LinuxMemoryPolicy: JSONMappable, Equatable {
  /// `MPOL_…`
  public var mode = ""
  public var nodes: String?
  public var flags: [String] = []
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("mode", &mode)
    try json.optional("nodes", &nodes)
    try json.nonEmpty("flags", &flags)
    json.unknown(&unknown)
  }
}
