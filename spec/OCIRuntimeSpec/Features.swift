public import JSON

/// What a runtime can do (features.md).
public struct Features: JSONMappable, Equatable {
  public var ociVersionMin = ""
  public var ociVersionMax = ""
  public var hooks: [String] = []
  public var mountOptions: [String] = []
  public var linux: LinuxFeatures?
  public var annotations: [String: String] = [:]
  public var potentiallyUnsafeConfigAnnotations: [String] = []
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("ociVersionMin", &ociVersionMin)
    try json.required("ociVersionMax", &ociVersionMax)
    try json.nonEmpty("hooks", &hooks)
    try json.nonEmpty("mountOptions", &mountOptions)
    try json.optional("linux", &linux)
    try json.nonEmpty("annotations", &annotations)
    try json.nonEmpty("potentiallyUnsafeConfigAnnotations", &potentiallyUnsafeConfigAnnotations)
    json.unknown(&unknown)
  }
}

/// What a runtime can do on Linux (features-linux.md). `nil` means unknown, an empty list none.
public struct LinuxFeatures: JSONMappable, Equatable {
  public var namespaces: [String]?
  public var capabilities: [String]?
  public var cgroup: CgroupFeatures?
  public var seccomp: SeccompFeatures?
  public var apparmor: FeatureSwitch?
  public var selinux: FeatureSwitch?
  public var intelRdt: IntelRdtFeatures?
  public var memoryPolicy: MemoryPolicyFeatures?
  public var mountExtensions: MountExtensions?
  public var netDevices: FeatureSwitch?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("namespaces", &namespaces)
    try json.optional("capabilities", &capabilities)
    try json.optional("cgroup", &cgroup)
    try json.optional("seccomp", &seccomp)
    try json.optional("apparmor", &apparmor)
    try json.optional("selinux", &selinux)
    try json.optional("intelRdt", &intelRdt)
    try json.optional("memoryPolicy", &memoryPolicy)
    try json.optional("mountExtensions", &mountExtensions)
    try json.optional("netDevices", &netDevices)
    json.unknown(&unknown)
  }
}

/// Whether the runtime supports a feature; the host may lack it all the same.
public struct FeatureSwitch: JSONMappable, Equatable {
  public var enabled: Bool?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("enabled", &enabled)
    json.unknown(&unknown)
  }

  public init(enabled: Bool) { self.enabled = enabled }
}

/// Resource control by Intel RDT.
public struct IntelRdtFeatures: JSONMappable, Equatable {
  public var enabled: Bool?
  public var schemata: Bool?
  public var monitoring: Bool?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("enabled", &enabled)
    try json.optional("schemata", &schemata)
    try json.optional("monitoring", &monitoring)
    json.unknown(&unknown)
  }
}

/// Policies of memory nodes that are known.
public struct MemoryPolicyFeatures: JSONMappable, Equatable {
  public var modes: [String]?
  public var flags: [String]?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("modes", &modes)
    try json.optional("flags", &flags)
    json.unknown(&unknown)
  }
}

/// Control group hierarchies and drivers.
public struct CgroupFeatures: JSONMappable, Equatable {
  public var v1: Bool?
  public var v2: Bool?
  public var systemd: Bool?
  public var systemdUser: Bool?
  public var rdma: Bool?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("v1", &v1)
    try json.optional("v2", &v2)
    try json.optional("systemd", &systemd)
    try json.optional("systemdUser", &systemdUser)
    try json.optional("rdma", &rdma)
    json.unknown(&unknown)
  }
}

/// What the seccomp compiler knows.
public struct SeccompFeatures: JSONMappable, Equatable {
  public var enabled: Bool?
  public var actions: [String]?
  public var operators: [String]?
  public var archs: [String]?
  public var knownFlags: [String]?
  public var supportedFlags: [String]?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("enabled", &enabled)
    try json.optional("actions", &actions)
    try json.optional("operators", &operators)
    try json.optional("archs", &archs)
    try json.optional("knownFlags", &knownFlags)
    try json.optional("supportedFlags", &supportedFlags)
    json.unknown(&unknown)
  }
}

/// Mount options beyond `mount(8)`.
public struct MountExtensions: JSONMappable, Equatable {
  public var idmap: FeatureSwitch?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("idmap", &idmap)
    json.unknown(&unknown)
  }
}
