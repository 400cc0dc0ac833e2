public import JSON

/// The answer to `GET /containers/{id}/stats`. What is not there for a container that does not run is left out or 0.
public struct ContainerStats: JSONMappable, Equatable, Sendable {
  /// RFC 3339; Go's zero time if there is no sample.
  public var read = ContainerStats.noTime
  public var preread = ContainerStats.noTime
  public var pids = Pids()
  public var blockDevices = BlockDevices()
  public var cpu = CPU()
  /// The sample before.
  public var previousCPU = CPU()
  public var memory = Memory()
  /// With a slash.
  public var name = ""
  public var id = ""
  /// By interface.
  public var networks: [String: Network]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public static let noTime = "0001-01-01T00:00:00Z"

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("read", &read)
    try json.field("preread", &preread)
    try json.field("pids_stats", &pids)
    try json.field("blkio_stats", &blockDevices)
    var (processors, storage) = (0, JSONObject())
    // Of Windows.
    try json.field("num_procs", &processors)
    try json.field("storage_stats", &storage)
    try json.field("cpu_stats", &cpu)
    try json.field("precpu_stats", &previousCPU)
    try json.field("memory_stats", &memory)
    try json.field("name", &name)
    try json.field("id", &id)
    try json.optional("networks", &networks)
    json.unknown(&unknown)
  }
}

extension ContainerStats {
  public struct Pids: JSONMappable, Equatable, Sendable {
    public var current: UInt64?
    public var limit: UInt64?

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.optional("current", &current)
      try json.optional("limit", &limit)
    }
  }

  public struct BlockDevices: JSONMappable, Equatable, Sendable {
    public var bytes: [BlockEntry]?
    public var operations: [BlockEntry]?

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nullable("io_service_bytes_recursive", &bytes)
      try json.nullable("io_serviced_recursive", &operations)
      // What only the CFQ scheduler counted.
      for name in ["queue", "service_time", "wait_time", "merged", "time"] {
        var none: [BlockEntry]?
        try json.nullable("io_\(name)_recursive", &none)
      }
      var sectors: [BlockEntry]?
      try json.nullable("sectors_recursive", &sectors)
    }
  }

  public struct BlockEntry: JSONMappable, Equatable, Sendable {
    public var major: UInt64 = 0
    public var minor: UInt64 = 0
    public var operation = ""
    public var value: UInt64 = 0

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("major", &major)
      try json.field("minor", &minor)
      try json.field("op", &operation)
      try json.field("value", &value)
    }
  }
}

extension ContainerStats {
  public struct CPU: JSONMappable, Equatable, Sendable {
    public var usage = Usage()
    public var system: UInt64?
    public var processors: Int?
    public var throttling = Throttling()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("cpu_usage", &usage)
      try json.optional("system_cpu_usage", &system)
      try json.optional("online_cpus", &processors)
      try json.field("throttling_data", &throttling)
    }

    /// Nanoseconds.
    public struct Usage: JSONMappable, Equatable, Sendable {
      public var total: UInt64 = 0
      public var byProcessor: [UInt64] = []
      public var kernel: UInt64 = 0
      public var user: UInt64 = 0

      public init() {}

      public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
        try json.field("total_usage", &total)
        try json.nonEmpty("percpu_usage", &byProcessor)
        try json.field("usage_in_kernelmode", &kernel)
        try json.field("usage_in_usermode", &user)
      }
    }

    public struct Throttling: JSONMappable, Equatable, Sendable {
      public var periods: UInt64 = 0
      public var throttledPeriods: UInt64 = 0
      /// Nanoseconds.
      public var throttledTime: UInt64 = 0

      public init() {}

      public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
        try json.field("periods", &periods)
        try json.field("throttled_periods", &throttledPeriods)
        try json.field("throttled_time", &throttledTime)
      }
    }
  }

  public struct Memory: JSONMappable, Equatable, Sendable {
    /// Bytes.
    public var usage: UInt64?
    public var maximum: UInt64?
    public var details: [String: UInt64] = [:]
    public var failures: UInt64?
    public var limit: UInt64?

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.optional("usage", &usage)
      try json.optional("max_usage", &maximum)
      try json.nonEmpty("stats", &details)
      try json.optional("failcnt", &failures)
      try json.optional("limit", &limit)
    }
  }

  public struct Network: JSONMappable, Equatable, Sendable {
    public var receivedBytes: UInt64 = 0
    public var receivedPackets: UInt64 = 0
    public var receiveErrors: UInt64 = 0
    public var receiveDrops: UInt64 = 0
    public var sentBytes: UInt64 = 0
    public var sentPackets: UInt64 = 0
    public var sendErrors: UInt64 = 0
    public var sendDrops: UInt64 = 0

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("rx_bytes", &receivedBytes)
      try json.field("rx_packets", &receivedPackets)
      try json.field("rx_errors", &receiveErrors)
      try json.field("rx_dropped", &receiveDrops)
      try json.field("tx_bytes", &sentBytes)
      try json.field("tx_packets", &sentPackets)
      try json.field("tx_errors", &sendErrors)
      try json.field("tx_dropped", &sendDrops)
    }
  }
}
