public import JSON

/// The answer to `GET /info`.
public struct SystemInfo: JSONMappable, Equatable, Sendable {
  public var id = ""
  public var containers = 0
  public var containersRunning = 0
  public var containersPaused = 0
  public var containersStopped = 0
  public var images = 0
  /// The storage driver.
  public var driver = ""
  public var driverStatus: [[String]] = []
  public var systemStatus: [[String]] = []
  public var plugins = PluginsInfo()
  public var memoryLimit = false
  public var swapLimit = false
  public var kernelMemory = false
  public var kernelMemoryTCP = false
  public var cpuCFSPeriod = false
  public var cpuCFSQuota = false
  public var cpuShares = false
  public var cpuSet = false
  public var pidsLimit = false
  public var ipv4Forwarding = false
  public var debug = false
  public var openDescriptors = 0
  public var oomKillDisable = false
  public var tasks = 0
  /// RFC 3339.
  public var systemTime = ""
  public var loggingDriver = ""
  /// `cgroupfs`, `systemd`, `none`.
  public var cgroupDriver = ""
  /// `1`, `2`.
  public var cgroupVersion = ""
  public var eventListeners = 0
  public var kernelVersion = ""
  public var operatingSystem = ""
  public var osVersion = ""
  public var osType = ""
  /// The machine's name for itself, `x86_64`.
  public var architecture = ""
  public var indexServerAddress = ""
  public var registryConfig: RegistryServiceConfig?
  public var processors = 0
  /// Bytes.
  public var memoryTotal: Int64 = 0
  public var genericResources: [JSONValue]?
  public var rootDirectory = ""
  public var httpProxy = ""
  public var httpsProxy = ""
  public var noProxy = ""
  public var name = ""
  public var labels: [String] = []
  public var experimentalBuild = false
  public var serverVersion = ""
  public var runtimes: [String: Runtime] = [:]
  public var defaultRuntime = ""
  public var swarm = SwarmInfo()
  public var liveRestoreEnabled = false
  public var isolation = ""
  public var initBinary = ""
  public var containerdCommit = Commit()
  public var runcCommit = Commit()
  public var initCommit = Commit()
  /// `name=seccomp,profile=builtin`.
  public var securityOptions: [String] = []
  public var productLicense = ""
  public var defaultAddressPools: [AddressPool] = []
  public var cdiSpecDirectories: [String] = []
  public var warnings: [String]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("ID", &id)
    try json.field("Containers", &containers)
    try json.field("ContainersRunning", &containersRunning)
    try json.field("ContainersPaused", &containersPaused)
    try json.field("ContainersStopped", &containersStopped)
    try json.field("Images", &images)
    try json.field("Driver", &driver)
    try json.field("DriverStatus", &driverStatus)
    try json.nonEmpty("SystemStatus", &systemStatus)
    try json.field("Plugins", &plugins)
    try json.field("MemoryLimit", &memoryLimit)
    try json.field("SwapLimit", &swapLimit)
    try json.flag("KernelMemory", &kernelMemory)
    try json.flag("KernelMemoryTCP", &kernelMemoryTCP)
    try json.field("CpuCfsPeriod", &cpuCFSPeriod)
    try json.field("CpuCfsQuota", &cpuCFSQuota)
    try json.field("CPUShares", &cpuShares)
    try json.field("CPUSet", &cpuSet)
    try json.field("PidsLimit", &pidsLimit)
    try json.field("IPv4Forwarding", &ipv4Forwarding)
    try json.field("Debug", &debug)
    try json.field("NFd", &openDescriptors)
    try json.field("OomKillDisable", &oomKillDisable)
    try json.field("NGoroutines", &tasks)
    try json.field("SystemTime", &systemTime)
    try json.field("LoggingDriver", &loggingDriver)
    try json.field("CgroupDriver", &cgroupDriver)
    try json.nonEmpty("CgroupVersion", &cgroupVersion)
    try json.field("NEventsListener", &eventListeners)
    try json.field("KernelVersion", &kernelVersion)
    try json.field("OperatingSystem", &operatingSystem)
    try json.field("OSVersion", &osVersion)
    try json.field("OSType", &osType)
    try json.field("Architecture", &architecture)
    try json.field("IndexServerAddress", &indexServerAddress)
    try json.nullable("RegistryConfig", &registryConfig)
    try json.field("NCPU", &processors)
    try json.field("MemTotal", &memoryTotal)
    try json.nullable("GenericResources", &genericResources)
    try json.field("DockerRootDir", &rootDirectory)
    try json.field("HttpProxy", &httpProxy)
    try json.field("HttpsProxy", &httpsProxy)
    try json.field("NoProxy", &noProxy)
    try json.field("Name", &name)
    try json.field("Labels", &labels)
    try json.field("ExperimentalBuild", &experimentalBuild)
    try json.field("ServerVersion", &serverVersion)
    try json.field("Runtimes", &runtimes)
    try json.field("DefaultRuntime", &defaultRuntime)
    try json.field("Swarm", &swarm)
    try json.field("LiveRestoreEnabled", &liveRestoreEnabled)
    try json.field("Isolation", &isolation)
    try json.field("InitBinary", &initBinary)
    try json.field("ContainerdCommit", &containerdCommit)
    try json.field("RuncCommit", &runcCommit)
    try json.field("InitCommit", &initCommit)
    try json.field("SecurityOptions", &securityOptions)
    try json.nonEmpty("ProductLicense", &productLicense)
    try json.nonEmpty("DefaultAddressPools", &defaultAddressPools)
    try json.nonEmpty("CDISpecDirs", &cdiSpecDirectories)
    try json.nullable("Warnings", &warnings)
    json.unknown(&unknown)
  }
}

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
