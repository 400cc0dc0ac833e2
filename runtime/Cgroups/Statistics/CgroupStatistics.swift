/// What a group has used since it was made. What a controller does not count, or is not there to count, is 0 or empty.
public struct CgroupStatistics: Equatable, Sendable {
  public var processor = Processor()
  public var processorSet = ProcessorSet()
  public var memory = Memory()
  public var pids = Pids()
  public var blockIO = BlockIO()
  /// By the size of the pages, `2MB`.
  public var hugePages: [String: Counter] = [:]

  /// Nanoseconds of processor time.
  public struct Processor: Equatable, Sendable {
    public var total = UInt64(0)
    public var user = UInt64(0)
    public var kernel = UInt64(0)
    /// By processor; v1 only.
    public var each: [UInt64] = []
    public var eachUser: [UInt64] = []
    public var eachKernel: [UInt64] = []
    public var periods = UInt64(0)
    public var throttledPeriods = UInt64(0)
    public var throttledTime = UInt64(0)
    public var pressure: Pressure?
  }

  /// Which processors and memory nodes; v1 only, as in runc.
  public struct ProcessorSet: Equatable, Sendable {
    public var processors: [UInt16] = []
    public var nodes: [UInt16] = []
    /// The values of the files `cpuset.…` by what follows the dot; `sched_relax_domain_level` may be -1.
    public var flags: [String: Int64] = [:]
  }

  /// A use with its limit.
  public struct Counter: Equatable, Sendable {
    /// `UInt64.max` without one.
    public var limit = UInt64(0)
    public var usage = UInt64(0)
    public var maximum = UInt64(0)
    /// How often the limit was hit.
    public var failures = UInt64(0)
  }

  /// Bytes.
  public struct Memory: Equatable, Sendable {
    public var cache = UInt64(0)
    public var usage = Counter()
    /// Memory and swap together.
    public var swap = Counter()
    public var kernel = Counter()
    public var kernelTCP = Counter()
    /// `memory.stat`.
    public var details: [String: UInt64] = [:]
    public var pressure: Pressure?
  }

  public struct Pids: Equatable, Sendable {
    public var current = UInt64(0)
    /// 0 without one.
    public var limit = UInt64(0)
  }

  /// How long tasks waited (PSI).
  public struct Pressure: Equatable, Sendable {
    /// Per cent of the last 10, 60 and 300 seconds, and microseconds in all.
    public struct Line: Equatable, Sendable {
      public var averages: [Double] = []
      public var total = UInt64(0)
    }

    public var some = Line()
    public var full = Line()
  }

  /// Traffic with block devices.
  public struct BlockIO: Equatable, Sendable {
    public struct Entry: Equatable, Sendable {
      public var major = UInt64(0)
      public var minor = UInt64(0)
      /// `Read`, `Write`, `Total` and so on; may be empty.
      public var operation = ""
      public var value = UInt64(0)
    }

    /// By what is counted, in v1's words: `io_service_bytes`, `io_serviced`, `sectors`.
    public var tables: [String: [Entry]] = [:]
    public var pressure: Pressure?
  }
}
