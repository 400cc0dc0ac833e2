public import JSON

/// What only Linux has (config-linux.md).
public struct Linux: JSONMappable, Equatable {
  public var devices: [LinuxDevice] = []
  /// Host network devices to move into the container, by their name on the host.
  public var netDevices: [String: LinuxNetDevice] = [:]
  public var uidMappings: [LinuxIDMapping] = []
  public var gidMappings: [LinuxIDMapping] = []
  public var sysctl: [String: String] = [:]
  public var resources: LinuxResources?
  public var cgroupsPath: String?
  public var namespaces: [LinuxNamespace] = []
  public var seccomp: LinuxSeccomp?
  public var rootfsPropagation: RootfsPropagation?
  public var maskedPaths: [String] = []
  public var readonlyPaths: [String] = []
  public var mountLabel: String?
  public var intelRdt: LinuxIntelRdt?
  public var memoryPolicy: LinuxMemoryPolicy?
  public var personality: LinuxPersonality?
  /// By clock: `monotonic`, `boottime`.
  public var timeOffsets: [String: LinuxTimeOffset] = [:]
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("devices", &devices)
    try json.nonEmpty("netDevices", &netDevices)
    try json.nonEmpty("uidMappings", &uidMappings)
    try json.nonEmpty("gidMappings", &gidMappings)
    try json.nonEmpty("sysctl", &sysctl)
    try json.optional("resources", &resources)
    try json.optional("cgroupsPath", &cgroupsPath)
    try json.nonEmpty("namespaces", &namespaces)
    try json.optional("seccomp", &seccomp)
    try json.optional("rootfsPropagation", &rootfsPropagation)
    try json.nonEmpty("maskedPaths", &maskedPaths)
    try json.nonEmpty("readonlyPaths", &readonlyPaths)
    try json.optional("mountLabel", &mountLabel)
    try json.optional("intelRdt", &intelRdt)
    try json.optional("memoryPolicy", &memoryPolicy)
    try json.optional("personality", &personality)
    try json.nonEmpty("timeOffsets", &timeOffsets)
    json.unknown(&unknown)
  }
}

/// A namespace to create, or to join if it has a path (config-linux.md §Namespaces).
public struct LinuxNamespace: JSONMappable, Equatable {
  public var type = LinuxNamespaceType.mount
  public var path: String?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("type", &type)
    try json.optional("path", &path)
    json.unknown(&unknown)
  }

  public init(_ type: LinuxNamespaceType, path: String? = nil) {
    self.type = type
    self.path = path
  }
}

/// The kinds of namespaces.
public enum LinuxNamespaceType: String, JSONConvertible, CaseIterable, Sendable {
  case mount
  case pid
  case network
  case uts
  case ipc
  case user
  case cgroup
  case time
}

/// Propagation of the root mount, `mount_namespaces(7)`.
public enum RootfsPropagation: String, JSONConvertible, CaseIterable, Sendable {
  case `private`
  case shared
  case slave
  case unbindable
  case rprivate
  case rshared
  case rslave
  case runbindable
}

/// A line of `uid_map` or `gid_map`, `user_namespaces(7)`.
public struct LinuxIDMapping: JSONMappable, Equatable {
  public var containerID = UInt32(0)
  public var hostID = UInt32(0)
  public var size = UInt32(0)
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("containerID", &containerID)
    try json.required("hostID", &hostID)
    try json.required("size", &size)
    json.unknown(&unknown)
  }

  public init(containerID: UInt32, hostID: UInt32, size: UInt32) {
    self.containerID = containerID
    self.hostID = hostID
    self.size = size
  }
}
