public import JSON

/// Limits of a control group (config-linux.md §Control groups).
public struct LinuxResources: JSONMappable, Equatable {
  /// Rules in the order in which they are to be applied.
  public var devices: [LinuxDeviceCgroup] = []
  public var memory: LinuxMemory?
  public var cpu: LinuxCPU?
  public var pids: LinuxPids?
  public var blockIO: LinuxBlockIO?
  public var hugepageLimits: [LinuxHugepageLimit] = []
  public var network: LinuxNetwork?
  /// By device.
  public var rdma: [String: LinuxRdma] = [:]
  /// Files of cgroup v2 by name.
  public var unified: [String: String] = [:]
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("devices", &devices)
    try json.optional("memory", &memory)
    try json.optional("cpu", &cpu)
    try json.optional("pids", &pids)
    try json.optional("blockIO", &blockIO)
    try json.nonEmpty("hugepageLimits", &hugepageLimits)
    try json.optional("network", &network)
    try json.nonEmpty("rdma", &rdma)
    try json.nonEmpty("unified", &unified)
    json.unknown(&unknown)
  }
}

/// A rule about access to devices.
public struct LinuxDeviceCgroup: JSONMappable, Equatable {
  public var allow = false
  /// `a`, `c` or `b`; all if there is none.
  public var type: String?
  /// All if there is none.
  public var major: Int64?
  /// All if there is none.
  public var minor: Int64?
  /// Letters of `rwm`.
  public var access: String?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("allow", &allow)
    try json.optional("type", &type)
    try json.optional("major", &major)
    try json.optional("minor", &minor)
    try json.optional("access", &access)
    json.unknown(&unknown)
  }
}

/// Memory limits in bytes; -1 is unlimited.
public struct LinuxMemory: JSONMappable, Equatable {
  public var limit: Int64?
  /// Soft limit.
  public var reservation: Int64?
  /// Limit of memory and swap together.
  public var swap: Int64?
  public var kernel: Int64?
  public var kernelTCP: Int64?
  /// 0 to 100.
  public var swappiness: UInt64?
  public var disableOOMKiller: Bool?
  public var useHierarchy: Bool?
  public var checkBeforeUpdate: Bool?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("limit", &limit)
    try json.optional("reservation", &reservation)
    try json.optional("swap", &swap)
    try json.optional("kernel", &kernel)
    try json.optional("kernelTCP", &kernelTCP)
    try json.optional("swappiness", &swappiness)
    try json.optional("disableOOMKiller", &disableOOMKiller)
    try json.optional("useHierarchy", &useHierarchy)
    try json.optional("checkBeforeUpdate", &checkBeforeUpdate)
    json.unknown(&unknown)
  }
}

/// CPU time; durations in microseconds.
public struct LinuxCPU: JSONMappable, Equatable {
  /// Relative weight, 2 to 262144.
  public var shares: UInt64?
  /// Time in every period; -1 is unlimited.
  public var quota: Int64?
  public var burst: UInt64?
  public var period: UInt64?
  public var realtimeRuntime: Int64?
  public var realtimePeriod: UInt64?
  /// A list as in `cpuset(7)`.
  public var cpus: String?
  public var mems: String?
  /// 1 makes it `SCHED_IDLE`.
  public var idle: Int64?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("shares", &shares)
    try json.optional("quota", &quota)
    try json.optional("burst", &burst)
    try json.optional("period", &period)
    try json.optional("realtimeRuntime", &realtimeRuntime)
    try json.optional("realtimePeriod", &realtimePeriod)
    try json.optional("cpus", &cpus)
    try json.optional("mems", &mems)
    try json.optional("idle", &idle)
    json.unknown(&unknown)
  }
}

/// Number of tasks.
public struct LinuxPids: JSONMappable, Equatable {
  /// 0 or less is unlimited.
  public var limit: Int64?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("limit", &limit)
    json.unknown(&unknown)
  }
}

/// Limit of huge pages of one size.
public struct LinuxHugepageLimit: JSONMappable, Equatable {
  /// `2MB`
  public var pageSize = ""
  /// Bytes.
  public var limit = UInt64(0)
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("pageSize", &pageSize)
    guard !json.isReading || Self.isPageSize(pageSize) else {
      throw JSONError(.invalid("\"\(pageSize)\" is no page size like 64KB, 2MB or 1GB"), path: "pageSize")
    }
    try json.required("limit", &limit)
    json.unknown(&unknown)
  }

  private static func isPageSize(_ text: String) -> Bool {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    return !digits.isEmpty && !digits.hasPrefix("0") && ["KB", "MB", "GB"].contains(text.dropFirst(digits.count))
  }
}

/// Class and priorities of network traffic, cgroup v1 only.
public struct LinuxNetwork: JSONMappable, Equatable {
  public var classID: UInt32?
  public var priorities: [LinuxInterfacePriority] = []
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("classID", &classID)
    try json.nonEmpty("priorities", &priorities)
    json.unknown(&unknown)
  }
}

/// Priority of traffic through one interface.
public struct LinuxInterfacePriority: JSONMappable, Equatable {
  public var name = ""
  public var priority = UInt32(0)
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("name", &name)
    try json.required("priority", &priority)
    json.unknown(&unknown)
  }
}

/// Limits of an RDMA device.
public struct LinuxRdma: JSONMappable, Equatable {
  public var hcaHandles: UInt32?
  public var hcaObjects: UInt32?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("hcaHandles", &hcaHandles)
    try json.optional("hcaObjects", &hcaObjects)
    json.unknown(&unknown)
  }
}
