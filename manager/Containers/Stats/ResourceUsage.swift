/// What a container has used since its start, and uses now.
public struct ResourceUsage: Equatable, Sendable {
  public var time = Timestamp.now()
  public var cpu = CPU()
  public var memory = Memory()
  public var processes = Processes()
  /// Bytes read and written, by block device.
  public var blockBytes: [BlockEntry] = []
  /// Operations; empty with cgroup v2, whose numbers Docker does not show.
  public var blockOperations: [BlockEntry] = []
  /// By interface; `nil` if the container has none of its own.
  public var networks: [String: Network]?

  public struct CPU: Equatable, Sendable {
    /// Nanoseconds, as everything here.
    public var total: UInt64 = 0
    public var user: UInt64 = 0
    public var kernel: UInt64 = 0
    /// By processor; empty with cgroup v2, which does not count that.
    public var byProcessor: [UInt64] = []
    /// Of all processors of the machine together, busy or not.
    public var system: UInt64 = 0
    public var processors = 0
    public var periods: UInt64 = 0
    public var throttledPeriods: UInt64 = 0
    public var throttledTime: UInt64 = 0

    public init() {}
  }

  public struct Memory: Equatable, Sendable {
    /// Bytes.
    public var usage: UInt64 = 0
    /// `nil` with cgroup v2.
    public var maximum: UInt64?
    /// How often the limit was met; `nil` with cgroup v2.
    public var failures: UInt64?
    /// At most the machine's.
    public var limit: UInt64 = 0
    /// `memory.stat`
    public var details: [String: UInt64] = [:]

    public init() {}
  }

  public struct Processes: Equatable, Sendable {
    /// Threads count, too.
    public var current: UInt64 = 0
    /// The greatest number there is: none.
    public var limit: UInt64 = 0

    public init() {}
  }

  public struct BlockEntry: Equatable, Sendable {
    public var major: UInt64
    public var minor: UInt64
    /// `Read`, `Write`, … in the kernel's spelling.
    public var operation: String
    public var value: UInt64
  }

  public struct Network: Equatable, Sendable {
    public var receivedBytes: UInt64 = 0
    public var receivedPackets: UInt64 = 0
    public var receiveErrors: UInt64 = 0
    public var receiveDrops: UInt64 = 0
    public var sentBytes: UInt64 = 0
    public var sentPackets: UInt64 = 0
    public var sendErrors: UInt64 = 0
    public var sendDrops: UInt64 = 0

    public init() {}
  }

  public init() {}
}
