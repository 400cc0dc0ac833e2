public import JSON

/// How a container is placed on its host: what it may see, use and consume.
public struct HostConfiguration: Equatable, Sendable, JSONMappable {
  /// `/host/path:/container/path[:options]`.
  public var binds: [String] = []
  public var mounts: [MountRequest] = []
  /// Containers whose volumes and binds it gets, too: `name[:ro|rw]`.
  public var volumesFrom: [String] = []
  /// What it gets of their binds.
  public var inheritedBinds: [MountRequest] = []
  /// Options of a tmpfs by the path where it is mounted.
  public var tmpfs: [String: String] = [:]
  public var networkMode = NetworkMode.bridge
  public var pidMode = NamespaceMode.isolated
  public var ipcMode = IPCMode.isolated
  public var utsMode = NamespaceMode.isolated
  /// Whether it was asked for the host's users, which it has in any case.
  public var hasHostUsers = false
  /// Where the client keeps the container's identifier; told again, and nothing else.
  public var containerIDFile = ""
  /// `nil`: the daemon's default, the host's on cgroups v1 and one of its own on v2.
  public var cgroupMode: NamespaceMode?
  public var portBindings: [PortBinding] = []
  /// Publishes every exposed port on a port of the kernel's choice.
  public var publishAllPorts = false
  public var capabilitiesAdded: [String] = []
  public var capabilitiesDropped: [String] = []
  public var privileged = false
  public var readonlyRootfs = false
  /// `seccomp=unconfined`, `no-new-privileges`, …
  public var securityOptions: [String] = []
  public var devices: [DeviceRequest] = []
  public var driverDevices: [DriverDeviceRequest] = []
  /// `c 1:3 rwm`.
  public var deviceRules: [String] = []
  public var resources = Resources()
  /// Bytes of `/dev/shm`; `nil` is 64 MiB.
  public var sharedMemorySize: Int64?
  public var sysctls: [String: String] = [:]
  /// On the default network.
  public var links: [LegacyLink] = []
  /// `name:address`.
  public var extraHosts: [String] = []
  public var dns: [String] = []
  public var dnsSearch: [String] = []
  public var dnsOptions: [String] = []
  /// Names or numbers of supplementary groups.
  public var groups: [String] = []
  /// -1000 to 1000; `nil` or 0 leaves it as the manager's.
  public var oomScoreAdjustment: Int32?
  /// Whether an init runs the container's program; `nil`: as the daemon has it by default.
  public var initProcess: Bool?
  public var autoRemove = false
  public var restartPolicy = RestartPolicy()
  /// The name of a log driver; empty in a request is the daemon's default at that time.
  public var logDriver = LogDefaults.standard.driver
  /// Of the driver: `max-size` and others.
  public var logOptions: [String: String] = [:]
  /// The name under which the daemon knows the runtime; `nil` in a request is the default at that time.
  public var runtime: String?
  /// `nil`: `/proa`.
  public var cgroupParent: String?
  /// `nil`: Docker's list.
  public var maskedPaths: [String]?
  /// `nil`: Docker's list.
  public var readonlyPaths: [String]?
  public var annotations: [String: String] = [:]
  /// Of the root file system: `size`, what the container may write.
  public var storageOptions: [String: String] = [:]
  /// The terminal's size at the start, height and width in characters; empty if the client did not say.
  public var consoleSize: [UInt16] = []

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("binds", &binds)
    try json.nonEmpty("mounts", &mounts)
    try json.nonEmpty("volumesFrom", &volumesFrom)
    try json.nonEmpty("inheritedBinds", &inheritedBinds)
    try json.nonEmpty("tmpfs", &tmpfs)
    try json.field("networkMode", &networkMode)
    try mapNamespaces(&json)
    try json.nonEmpty("portBindings", &portBindings)
    try json.flag("publishAllPorts", &publishAllPorts)
    try mapConfinement(&json)
    try json.nonEmpty("devices", &devices)
    try json.nonEmpty("driverDevices", &driverDevices)
    try json.nonEmpty("deviceRules", &deviceRules)
    try json.field("resources", &resources)
    try json.optional("sharedMemorySize", &sharedMemorySize)
    try json.nonEmpty("sysctls", &sysctls)
    try mapNames(&json)
    try json.nonEmpty("groups", &groups)
    try json.optional("oomScoreAdjustment", &oomScoreAdjustment)
    try json.optional("initProcess", &initProcess)
    try json.flag("autoRemove", &autoRemove)
    try json.field("restartPolicy", &restartPolicy)
    try json.field("logDriver", &logDriver)
    try json.nonEmpty("logOptions", &logOptions)
    try json.optional("runtime", &runtime)
    try json.optional("cgroupParent", &cgroupParent)
    try json.nonEmpty("annotations", &annotations)
    try json.nonEmpty("storageOptions", &storageOptions)
    try json.nonEmpty("consoleSize", &consoleSize)
    try json.nonEmpty("containerIDFile", &containerIDFile)
    try json.flag("hasHostUsers", &hasHostUsers)
  }

  private mutating func mapNamespaces(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("pidMode", &pidMode)
    try json.field("ipcMode", &ipcMode)
    try json.field("utsMode", &utsMode)
    try json.optional("cgroupMode", &cgroupMode)
  }

  private mutating func mapConfinement(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("capabilitiesAdded", &capabilitiesAdded)
    try json.nonEmpty("capabilitiesDropped", &capabilitiesDropped)
    try json.flag("privileged", &privileged)
    try json.flag("readonlyRootfs", &readonlyRootfs)
    try json.nonEmpty("securityOptions", &securityOptions)
    try json.optional("maskedPaths", &maskedPaths)
    try json.optional("readonlyPaths", &readonlyPaths)
  }

  private mutating func mapNames(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("links", &links)
    try json.nonEmpty("extraHosts", &extraHosts)
    try json.nonEmpty("dns", &dns)
    try json.nonEmpty("dnsSearch", &dnsSearch)
    try json.nonEmpty("dnsOptions", &dnsOptions)
  }
}
