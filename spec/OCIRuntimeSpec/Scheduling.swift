public import JSON

/// Scheduling of the process, `sched_setattr(2)`.
public struct Scheduler: JSONMappable, Equatable {
  public var policy = SchedulerPolicy.other
  public var nice: Int32?
  public var priority: Int32?
  public var flags: [SchedulerFlag] = []
  /// Nanoseconds.
  public var runtime: UInt64?
  /// Nanoseconds.
  public var deadline: UInt64?
  /// Nanoseconds.
  public var period: UInt64?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("policy", &policy)
    try json.optional("nice", &nice)
    try json.optional("priority", &priority)
    try json.nonEmpty("flags", &flags)
    try json.optional("runtime", &runtime)
    try json.optional("deadline", &deadline)
    try json.optional("period", &period)
    json.unknown(&unknown)
  }
}

/// `policy` of `sched_setattr(2)`.
public enum SchedulerPolicy: String, JSONConvertible, CaseIterable, Sendable {
  case other = "SCHED_OTHER"
  case fifo = "SCHED_FIFO"
  case rr = "SCHED_RR"
  case batch = "SCHED_BATCH"
  case iso = "SCHED_ISO"
  case idle = "SCHED_IDLE"
  case deadline = "SCHED_DEADLINE"
}

/// `flags` of `sched_setattr(2)`.
public enum SchedulerFlag: String, JSONConvertible, CaseIterable, Sendable {
  case resetOnFork = "SCHED_FLAG_RESET_ON_FORK"
  case reclaim = "SCHED_FLAG_RECLAIM"
  case dlOverrun = "SCHED_FLAG_DL_OVERRUN"
  case keepPolicy = "SCHED_FLAG_KEEP_POLICY"
  case keepParams = "SCHED_FLAG_KEEP_PARAMS"
  case utilClampMin = "SCHED_FLAG_UTIL_CLAMP_MIN"
  case utilClampMax = "SCHED_FLAG_UTIL_CLAMP_MAX"
}

/// I/O priority of the process, `ioprio_set(2)`.
public struct LinuxIOPriority: JSONMappable, Equatable {
  public var `class` = ""
  public var priority = Int32(0)
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("class", &`class`)
    try json.field("priority", &priority)
    json.unknown(&unknown)
  }
}

/// CPUs of a process that is run in the container (config.md §execCPUAffinity).
public struct CPUAffinity: JSONMappable, Equatable {
  /// A list as in `cpuset(7)`, in force while the process is moved into the container.
  public var initial: String?
  public var `final`: String?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("initial", &initial)
    try json.optional("final", &`final`)
    json.unknown(&unknown)
  }
}
