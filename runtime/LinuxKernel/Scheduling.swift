internal import CLinux
internal import Glibc

/// How the kernel gives a process its time.
package enum Scheduling {
  /// `struct sched_attr`, `sched_setattr(2)`.
  package struct Attributes: Equatable, Sendable {
    package var policy = UInt32(0)
    package var flags = UInt64(0)
    package var nice = Int32(0)
    package var priority = UInt32(0)
    /// Nanoseconds, as the two that follow.
    package var runtime = UInt64(0)
    package var deadline = UInt64(0)
    package var period = UInt64(0)

    package init() {}

    /// Of work that nobody waits for: in batches, and after everything else.
    package static var background: Attributes {
      var attributes = Attributes()
      attributes.policy = 3
      attributes.nice = 19
      return attributes
    }
  }

  /// Changes the calling thread.
  package static func set(_ attributes: Attributes) throws(SyscallError) {
    try check("sched_setattr") {
      proa_sched_setattr(
        attributes.policy, attributes.flags, attributes.nice, attributes.priority, attributes.runtime,
        attributes.deadline, attributes.period)
    }
  }

  /// Sets the I/O priority of the calling thread: its class in the highest three bits of sixteen.
  package static func setIOPriority(_ priority: Int32) throws(SyscallError) {
    try check("ioprio_set") { proa_ioprio_set(priority) }
  }

  /// Makes `process` run on these processors only.
  package static func setAffinity(_ processors: [Int], of process: Int32) throws(SyscallError) {
    var mask = [UInt8](repeating: 0, count: ((processors.max() ?? 0) / 64 + 1) * 8)
    for processor in processors { mask[processor / 8] |= 1 << UInt8(processor % 8) }
    try check("sched_setaffinity", "\(process)") { proa_sched_setaffinity(process, mask, UInt32(mask.count)) }
  }

  /// `set_mempolicy(2)` of the calling thread and what it executes.
  package static func setMemoryPolicy(_ mode: Int32, nodes: [Int]) throws(SyscallError) {
    var mask = [UInt8](repeating: 0, count: nodes.isEmpty ? 0 : ((nodes.max() ?? 0) / 64 + 1) * 8)
    for node in nodes { mask[node / 8] |= 1 << UInt8(node % 8) }
    let maximum = mask.isEmpty ? 0 : UInt(mask.count * 8 + 1)
    try check("set_mempolicy") { proa_set_memory_policy(mode, mask.isEmpty ? nil : mask, maximum) }
  }

  /// `personality(2)` of the calling thread and what it executes.
  package static func setPersonality(_ personality: UInt) throws(SyscallError) {
    try check("personality") { proa_personality(personality) }
  }
}
