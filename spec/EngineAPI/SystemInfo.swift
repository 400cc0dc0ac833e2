public import JSON

/// The answer to `GET /info`.
public struct SystemInfo: JSONMappable, Equatable, Sendable {
  public var id = ""
  public var containers = ContainerCounts()
  public var images = 0
  /// The storage driver.
  public var driver = ""
  public var driverStatus: [[String]] = []
  public var systemStatus: [[String]] = []
  public var plugins = PluginsInfo()
  public var support = Support()
  public var activity = Activity()
  /// RFC 3339.
  public var systemTime = ""
  public var loggingDriver = ""
  /// `cgroupfs`, `systemd`, `none`.
  public var cgroupDriver = ""
  /// `1`, `2`.
  public var cgroupVersion = ""
  public var host = Host()
  public var indexServerAddress = ""
  public var registryConfig: RegistryServiceConfig?
  public var genericResources: [JSONValue]?
  public var rootDirectory = ""
  public var labels: [String] = []
  public var experimentalBuild = false
  public var serverVersion = ""
  public var runtimes: [String: Runtime] = [:]
  public var defaultRuntime = ""
  public var swarm = SwarmInfo()
  public var liveRestoreEnabled = false
  public var isolation = ""
  public var initBinary = ""
  public var commits = Commits()
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
    try containers.map(&json)
    try json.field("Images", &images)
    try json.field("Driver", &driver)
    try json.field("DriverStatus", &driverStatus)
    try json.nonEmpty("SystemStatus", &systemStatus)
    try json.field("Plugins", &plugins)
    try support.map(&json)
    try activity.map(&json)
    try json.field("SystemTime", &systemTime)
    try json.field("LoggingDriver", &loggingDriver)
    try json.field("CgroupDriver", &cgroupDriver)
    try json.nonEmpty("CgroupVersion", &cgroupVersion)
    try host.map(&json)
    try json.field("IndexServerAddress", &indexServerAddress)
    try json.nullable("RegistryConfig", &registryConfig)
    try json.nullable("GenericResources", &genericResources)
    try json.field("DockerRootDir", &rootDirectory)
    try json.field("Labels", &labels)
    try json.field("ExperimentalBuild", &experimentalBuild)
    try json.field("ServerVersion", &serverVersion)
    try json.field("Runtimes", &runtimes)
    try json.field("DefaultRuntime", &defaultRuntime)
    try json.field("Swarm", &swarm)
    try json.field("LiveRestoreEnabled", &liveRestoreEnabled)
    try json.field("Isolation", &isolation)
    try json.field("InitBinary", &initBinary)
    try commits.map(&json)
    try json.field("SecurityOptions", &securityOptions)
    try json.nonEmpty("ProductLicense", &productLicense)
    try json.nonEmpty("DefaultAddressPools", &defaultAddressPools)
    try json.nonEmpty("CDISpecDirs", &cdiSpecDirectories)
    try json.nullable("Warnings", &warnings)
    json.unknown(&unknown)
  }
}
