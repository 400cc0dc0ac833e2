internal import JSON

extension SystemInfo {
  /// How many containers there are, by state. They are members of `SystemInfo`.
  public struct ContainerCounts: Equatable, Sendable {
    public var total = 0
    public var running = 0
    public var paused = 0
    public var stopped = 0

    public init() {}

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("Containers", &total)
      try json.field("ContainersRunning", &running)
      try json.field("ContainersPaused", &paused)
      try json.field("ContainersStopped", &stopped)
    }
  }
}

extension SystemInfo {
  /// What the kernel can limit and do for containers. They are members of `SystemInfo`.
  public struct Support: Equatable, Sendable {
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
    public var oomKillDisable = false

    public init() {}

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
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
      try json.field("OomKillDisable", &oomKillDisable)
    }
  }
}

extension SystemInfo {
  /// What the daemon is busy with. They are members of `SystemInfo`.
  public struct Activity: Equatable, Sendable {
    public var debug = false
    public var openDescriptors = 0
    public var tasks = 0
    public var eventListeners = 0

    public init() {}

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("Debug", &debug)
      try json.field("NFd", &openDescriptors)
      try json.field("NGoroutines", &tasks)
      try json.field("NEventsListener", &eventListeners)
    }
  }
}

extension SystemInfo {
  /// The machine. They are members of `SystemInfo`.
  public struct Host: Equatable, Sendable {
    public var kernelVersion = ""
    public var operatingSystem = ""
    public var osVersion = ""
    public var osType = ""
    /// The machine's name for itself, `x86_64`.
    public var architecture = ""
    public var processors = 0
    /// Bytes.
    public var memoryTotal: Int64 = 0
    public var httpProxy = ""
    public var httpsProxy = ""
    public var noProxy = ""
    public var name = ""

    public init() {}

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("KernelVersion", &kernelVersion)
      try json.field("OperatingSystem", &operatingSystem)
      try json.field("OSVersion", &osVersion)
      try json.field("OSType", &osType)
      try json.field("Architecture", &architecture)
      try json.field("NCPU", &processors)
      try json.field("MemTotal", &memoryTotal)
      try json.field("HttpProxy", &httpProxy)
      try json.field("HttpsProxy", &httpsProxy)
      try json.field("NoProxy", &noProxy)
      try json.field("Name", &name)
    }
  }
}

extension SystemInfo {
  /// Of which sources the parts of an engine are. They are members of `SystemInfo`.
  public struct Commits: Equatable, Sendable {
    public var containerd = Commit()
    public var runc = Commit()
    public var initProcess = Commit()

    public init() {}

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("ContainerdCommit", &containerd)
      try json.field("RuncCommit", &runc)
      try json.field("InitCommit", &initProcess)
    }
  }
}
