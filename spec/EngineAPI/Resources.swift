public import JSON

/// Limits of a container (Engine API `Resources`). They are members of `HostConfig`. Zero and `nil` mean no limit.
public struct Resources: Equatable, Sendable {
  public var cpuShares: Int64 = 0
  /// Bytes.
  public var memory: Int64 = 0
  /// Billionths of a processor.
  public var nanoCPUs: Int64 = 0
  public var cgroupParent = ""
  /// 10 to 1000.
  public var blkioWeight: UInt16 = 0
  public var blkioWeightDevice: [WeightDevice]?
  public var blkioDeviceReadBps: [ThrottleDevice]?
  public var blkioDeviceWriteBps: [ThrottleDevice]?
  public var blkioDeviceReadIOps: [ThrottleDevice]?
  public var blkioDeviceWriteIOps: [ThrottleDevice]?
  /// Microseconds.
  public var cpuPeriod: Int64 = 0
  /// Microseconds in each period.
  public var cpuQuota: Int64 = 0
  /// Microseconds.
  public var cpuRealtimePeriod: Int64 = 0
  /// Microseconds.
  public var cpuRealtimeRuntime: Int64 = 0
  /// `0-2,4`.
  public var cpusetCPUs = ""
  /// `0-2,4`.
  public var cpusetMems = ""
  public var devices: [DeviceMapping]?
  /// `c 13:* rwm`.
  public var deviceCgroupRules: [String]?
  public var deviceRequests: [DeviceRequest]?
  /// Bytes.
  public var kernelMemory: Int64?
  /// Bytes.
  public var kernelMemoryTCP: Int64?
  /// Bytes.
  public var memoryReservation: Int64 = 0
  /// Bytes of memory and swap together; -1: unlimited swap.
  public var memorySwap: Int64 = 0
  /// 0 to 100; -1 and `nil`: the machine's.
  public var memorySwappiness: Int64?
  public var oomKillDisable: Bool?
  /// -1, 0 and `nil`: unlimited.
  public var pidsLimit: Int64?
  public var ulimits: [Ulimit]?
  /// Windows only.
  public var cpuCount: Int64 = 0
  /// Windows only.
  public var cpuPercent: Int64 = 0
  /// Windows only.
  public var ioMaximumIOps: UInt64 = 0
  /// Windows only.
  public var ioMaximumBandwidth: UInt64 = 0
  public init() {}

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("CpuShares", &cpuShares)
    try json.field("Memory", &memory)
    try json.field("NanoCpus", &nanoCPUs)
    try json.field("CgroupParent", &cgroupParent)
    try json.field("BlkioWeight", &blkioWeight)
    try json.nullable("BlkioWeightDevice", &blkioWeightDevice)
    try json.nullable("BlkioDeviceReadBps", &blkioDeviceReadBps)
    try json.nullable("BlkioDeviceWriteBps", &blkioDeviceWriteBps)
    try json.nullable("BlkioDeviceReadIOps", &blkioDeviceReadIOps)
    try json.nullable("BlkioDeviceWriteIOps", &blkioDeviceWriteIOps)
    try json.field("CpuPeriod", &cpuPeriod)
    try json.field("CpuQuota", &cpuQuota)
    try json.field("CpuRealtimePeriod", &cpuRealtimePeriod)
    try json.field("CpuRealtimeRuntime", &cpuRealtimeRuntime)
    try json.field("CpusetCpus", &cpusetCPUs)
    try json.field("CpusetMems", &cpusetMems)
    try json.nullable("Devices", &devices)
    try json.nullable("DeviceCgroupRules", &deviceCgroupRules)
    try json.nullable("DeviceRequests", &deviceRequests)
    try json.optional("KernelMemory", &kernelMemory)
    try json.optional("KernelMemoryTCP", &kernelMemoryTCP)
    try json.field("MemoryReservation", &memoryReservation)
    try json.field("MemorySwap", &memorySwap)
    try json.nullable("MemorySwappiness", &memorySwappiness)
    try json.nullable("OomKillDisable", &oomKillDisable)
    try json.nullable("PidsLimit", &pidsLimit)
    try json.nullable("Ulimits", &ulimits)
    try json.field("CpuCount", &cpuCount)
    try json.field("CpuPercent", &cpuPercent)
    try json.field("IOMaximumIOps", &ioMaximumIOps)
    try json.field("IOMaximumBandwidth", &ioMaximumBandwidth)
    if json.isReading { try readOtherSpellings(&json) }
  }

  /// As docker-py writes these: Docker's decoder does not tell upper and lower case apart.
  private mutating func readOtherSpellings(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("CPURealtimePeriod", &cpuRealtimePeriod)
    try json.field("CPURealtimeRuntime", &cpuRealtimeRuntime)
  }
}

/// The share of a block device (Engine API `Resources.BlkioWeightDevice`).
public struct WeightDevice: JSONMappable, Equatable, Sendable {
  public var path = ""
  public var weight: UInt16 = 0
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Path", &path)
    try json.field("Weight", &weight)
    json.unknown(&unknown)
  }
}

/// A limit on a block device (Engine API `ThrottleDevice`).
public struct ThrottleDevice: JSONMappable, Equatable, Sendable {
  public var path = ""
  /// Bytes or operations per second.
  public var rate: UInt64 = 0
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Path", &path)
    try json.field("Rate", &rate)
    json.unknown(&unknown)
  }
}

/// A device of the host in the container (Engine API `DeviceMapping`).
public struct DeviceMapping: JSONMappable, Equatable, Sendable {
  public var pathOnHost = ""
  public var pathInContainer = ""
  /// Letters of `rwm`.
  public var cgroupPermissions = ""
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("PathOnHost", &pathOnHost)
    try json.field("PathInContainer", &pathInContainer)
    try json.field("CgroupPermissions", &cgroupPermissions)
    json.unknown(&unknown)
  }
}

/// Devices to be found by a driver (Engine API `DeviceRequest`).
public struct DeviceRequest: JSONMappable, Equatable, Sendable {
  public var driver = ""
  /// -1: all.
  public var count = 0
  public var deviceIDs: [String]?
  /// Alternatives, each a set.
  public var capabilities: [[String]]?
  public var options: [String: String]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Driver", &driver)
    try json.field("Count", &count)
    try json.nullable("DeviceIDs", &deviceIDs)
    try json.nullable("Capabilities", &capabilities)
    try json.nullable("Options", &options)
    json.unknown(&unknown)
  }
}

/// A resource limit of the container's processes, `setrlimit(2)` (Engine API `Resources.Ulimits`).
public struct Ulimit: JSONMappable, Equatable, Sendable {
  /// `nofile`, without `RLIMIT_`.
  public var name = ""
  /// -1: unlimited.
  public var hard: Int64 = 0
  /// -1: unlimited.
  public var soft: Int64 = 0
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Name", &name)
    try json.field("Hard", &hard)
    try json.field("Soft", &soft)
    json.unknown(&unknown)
  }
}
