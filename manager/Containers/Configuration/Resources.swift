public import JSON

/// What a container may use. `nil` is no limit.
public struct Resources: Equatable, Sendable, JSONMappable {
  /// Bytes.
  public var memory: Int64?
  /// Bytes of memory and swap together; -1: any amount of swap; `nil` with a memory limit: twice that.
  public var memorySwap: Int64?
  /// Bytes.
  public var memoryReservation: Int64?
  /// 0 to 100.
  public var memorySwappiness: Int64?
  public var oomKillDisable = false
  /// Billionths of a processor.
  public var nanoCPUs: Int64?
  public var cpuShares: Int64?
  /// Microseconds in every period.
  public var cpuQuota: Int64?
  /// Microseconds.
  public var cpuPeriod: Int64?
  public var cpuRealtimePeriod: Int64?
  public var cpuRealtimeRuntime: Int64?
  /// `0-3,7`.
  public var cpusetCPUs = ""
  public var cpusetMemories = ""
  public var pids: Int64?
  public var ulimits: [Ulimit] = []
  public var blockIO = BlockIO()

  public init() {}

  /// ``memorySwap``, and where nothing was said of it what that stands for: as much swap as memory.
  public var effectiveMemorySwap: Int64? { memorySwap ?? memory.map { $0 > .max / 2 ? $0 : $0 * 2 } }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("memory", &memory)
    try json.optional("memorySwap", &memorySwap)
    try json.optional("memoryReservation", &memoryReservation)
    try json.optional("memorySwappiness", &memorySwappiness)
    try json.flag("oomKillDisable", &oomKillDisable)
    try json.optional("nanoCPUs", &nanoCPUs)
    try json.optional("cpuShares", &cpuShares)
    try json.optional("cpuQuota", &cpuQuota)
    try json.optional("cpuPeriod", &cpuPeriod)
    try json.optional("cpuRealtimePeriod", &cpuRealtimePeriod)
    try json.optional("cpuRealtimeRuntime", &cpuRealtimeRuntime)
    try json.nonEmpty("cpusetCPUs", &cpusetCPUs)
    try json.nonEmpty("cpusetMemories", &cpusetMemories)
    try json.optional("pids", &pids)
    try json.nonEmpty("ulimits", &ulimits)
    try json.field("blockIO", &blockIO)
  }
}

/// A `setrlimit(2)` limit.
public struct Ulimit: Equatable, Sendable, JSONMappable {
  /// Without the prefix, in lower case: `nofile`.
  public var name = ""
  /// -1: none.
  public var soft: Int64 = 0
  /// -1: none.
  public var hard: Int64 = 0

  public init() {}

  public init(name: String, soft: Int64, hard: Int64) {
    self.name = name
    self.soft = soft
    self.hard = hard
  }

  static let names: Set<String> = [
    "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio",
    "rttime", "sigpending", "stack",
  ]

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("name", &name)
    try json.required("soft", &soft)
    try json.required("hard", &hard)
  }
}
