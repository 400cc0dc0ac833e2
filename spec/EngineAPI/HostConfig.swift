public import JSON

/// What a container gets from this machine (Engine API `HostConfig`).
public struct HostConfig: JSONMappable, Equatable, Sendable {
  /// `source:target[:options]`.
  public var binds: [String]?
  public var containerIDFile = ""
  public var logConfig = LogConfig()
  /// `bridge`, `none`, `host`, `container:NAME`, a network's name; empty and `default`: the default bridge.
  public var networkMode = ""
  public var portBindings: PortMap?
  public var restartPolicy = RestartPolicy()
  public var autoRemove = false
  public var volumeDriver = ""
  public var volumesFrom: [String]?
  /// Height and width.
  public var consoleSize: [UInt16]?
  public var annotations: [String: String] = [:]
  public var capAdd: StringList?
  public var capDrop: StringList?
  /// `private`, `host`; empty: the daemon's choice.
  public var cgroupNamespaceMode = ""
  public var names = NameResolution()
  public var groupAdd: [String]?
  public var ipcMode = ""
  public var cgroup = ""
  public var oomScoreAdjustment = 0
  public var pidMode = ""
  public var privileged = false
  public var publishAllPorts = false
  public var readonlyRootfs = false
  public var securityOptions: [String]?
  public var storageOptions: [String: String] = [:]
  /// Mount options by path.
  public var tmpfs: [String: String] = [:]
  public var utsMode = ""
  public var userNamespaceMode = ""
  /// Bytes of `/dev/shm`; 0: the daemon's choice.
  public var shmSize: Int64 = 0
  public var sysctls: [String: String] = [:]
  /// Empty: the default runtime.
  public var runtime = ""
  public var isolation = ""
  public var resources = Resources()
  public var mounts: [Mount] = []
  /// `nil`: the default ones.
  public var maskedPaths: [String]?
  /// `nil`: the default ones.
  public var readonlyPaths: [String]?
  /// Whether an init reaps the container's processes; `nil`: the daemon's choice.
  public var initProcess: Bool?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nullable("Binds", &binds)
    try json.field("ContainerIDFile", &containerIDFile)
    try json.field("LogConfig", &logConfig)
    try json.field("NetworkMode", &networkMode)
    try json.nullable("PortBindings", &portBindings)
    try json.field("RestartPolicy", &restartPolicy)
    try json.field("AutoRemove", &autoRemove)
    try json.field("VolumeDriver", &volumeDriver)
    try json.nullable("VolumesFrom", &volumesFrom)
    try json.optional("ConsoleSize", &consoleSize)
    try json.nonEmpty("Annotations", &annotations)
    try json.nullable("CapAdd", &capAdd)
    try json.nullable("CapDrop", &capDrop)
    try json.field("CgroupnsMode", &cgroupNamespaceMode)
    try names.map(&json)
    try json.nullable("GroupAdd", &groupAdd)
    try json.field("IpcMode", &ipcMode)
    try json.field("Cgroup", &cgroup)
    try json.field("OomScoreAdj", &oomScoreAdjustment)
    try json.field("PidMode", &pidMode)
    try json.field("Privileged", &privileged)
    try json.field("PublishAllPorts", &publishAllPorts)
    try json.field("ReadonlyRootfs", &readonlyRootfs)
    try json.nullable("SecurityOpt", &securityOptions)
    try json.nonEmpty("StorageOpt", &storageOptions)
    try json.nonEmpty("Tmpfs", &tmpfs)
    try json.field("UTSMode", &utsMode)
    try json.field("UsernsMode", &userNamespaceMode)
    try json.field("ShmSize", &shmSize)
    try json.nonEmpty("Sysctls", &sysctls)
    try json.nonEmpty("Runtime", &runtime)
    try json.field("Isolation", &isolation)
    try resources.map(&json)
    try json.nonEmpty("Mounts", &mounts)
    try json.nullable("MaskedPaths", &maskedPaths)
    try json.nullable("ReadonlyPaths", &readonlyPaths)
    try json.optional("Init", &initProcess)
    json.unknown(&unknown)
  }
}

/// Where a container's output is kept (Engine API `HostConfig.LogConfig`).
public struct LogConfig: JSONMappable, Equatable, Sendable {
  /// `json-file`, `none`, ...; empty: the daemon's choice.
  public var type = ""
  public var config: [String: String]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Type", &type)
    try json.nullable("Config", &config)
    json.unknown(&unknown)
  }
}

/// When a container that has ended is started again (Engine API `RestartPolicy`).
public struct RestartPolicy: JSONMappable, Equatable, Sendable {
  /// `no`, `always`, `unless-stopped`, `on-failure`; empty is `no`.
  public var name = ""
  public var maximumRetryCount = 0
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Name", &name)
    try json.field("MaximumRetryCount", &maximumRetryCount)
    json.unknown(&unknown)
  }
}
