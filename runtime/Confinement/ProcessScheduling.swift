internal import LinuxKernel
public import OCIRuntimeSpec

/// `process.scheduler` and `process.ioPriority` (config.md §Linux Process), checked.
public struct ProcessScheduling: Equatable, Sendable {
  private var attributes: Scheduling.Attributes?
  private var ioPriority: Int32?

  /// - Throws: `invalid` for what the policy has no use for, or is out of its range.
  public init(_ scheduler: Scheduler?, _ ioPriority: LinuxIOPriority?) throws(ConfinementError) {
    attributes = try scheduler.map { scheduler throws(ConfinementError) in try Self.attributes(scheduler) }
    self.ioPriority = try ioPriority.map { priority throws(ConfinementError) in try Self.number(of: priority) }
  }

  /// Changes the calling process. More than others have needs `CAP_SYS_NICE`.
  public func apply() throws(ConfinementError) {
    if let attributes {
      try blaming("process.scheduler") { () throws(SyscallError) in try Scheduling.set(attributes) }
    }
    if let ioPriority {
      try blaming("process.ioPriority") { () throws(SyscallError) in try Scheduling.setIOPriority(ioPriority) }
    }
  }

  private static func attributes(_ scheduler: Scheduler) throws(ConfinementError) -> Scheduling.Attributes {
    let (nice, priority) = (scheduler.nice ?? 0, scheduler.priority ?? 0)
    guard (-20...19).contains(nice) else { throw invalid("\(nice) is not between -20 and 19", "scheduler.nice") }
    let isRealTime = scheduler.policy == .fifo || scheduler.policy == .rr
    guard isRealTime ? (1...99).contains(priority) : priority == 0 else {
      throw invalid(
        isRealTime ? "\(priority) is not between 1 and 99" : "is for SCHED_FIFO and SCHED_RR only", "scheduler.priority"
      )
    }
    let times = [scheduler.runtime, scheduler.deadline, scheduler.period]
    guard scheduler.policy == .deadline || times.allSatisfy({ ($0 ?? 0) == 0 }) else {
      throw invalid("runtime, deadline and period are for SCHED_DEADLINE only", "scheduler")
    }
    var attributes = Scheduling.Attributes()
    attributes.policy = number(of: scheduler.policy)
    attributes.flags = scheduler.flags.reduce(0) { $0 | bit(of: $1) }
    (attributes.nice, attributes.priority) = (nice, UInt32(priority))
    (attributes.runtime, attributes.deadline) = (scheduler.runtime ?? 0, scheduler.deadline ?? 0)
    attributes.period = scheduler.period ?? 0
    return attributes
  }

  private static func number(of policy: SchedulerPolicy) -> UInt32 {
    switch policy {
    case .other: 0
    case .fifo: 1
    case .rr: 2
    case .batch: 3
    case .iso: 4
    case .idle: 5
    case .deadline: 6
    }
  }

  private static func bit(of flag: SchedulerFlag) -> UInt64 {
    switch flag {
    case .resetOnFork: 0x01
    case .reclaim: 0x02
    case .dlOverrun: 0x04
    case .keepPolicy: 0x08
    case .keepParams: 0x10
    case .utilClampMin: 0x20
    case .utilClampMax: 0x40
    }
  }

  private static func number(of priority: LinuxIOPriority) throws(ConfinementError) -> Int32 {
    let classes = ["IOPRIO_CLASS_RT": Int32(1), "IOPRIO_CLASS_BE": 2, "IOPRIO_CLASS_IDLE": 3]
    guard let number = classes[priority.class] else {
      throw invalid(
        "\"\(priority.class)\" is none of \(classes.keys.sorted().joined(separator: ", "))", "ioPriority.class")
    }
    guard (0...7).contains(priority.priority) else {
      throw invalid("\(priority.priority) is not between 0 and 7", "ioPriority.priority")
    }
    return number << 13 | priority.priority
  }

  private static func invalid(_ message: String, _ path: String) -> ConfinementError {
    ConfinementError(.invalid(message), path: "process.\(path)")
  }
}
