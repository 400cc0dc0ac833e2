internal import LinuxKernel
public import OCIRuntimeSpec

/// `linux.memoryPolicy` (config-linux.md §Memory Policy), checked: from which nodes the process gets its memory.
public struct MemoryPolicy: Equatable, Sendable {
  let mode: Int32
  let nodes: [Int]

  public init(_ policy: LinuxMemoryPolicy) throws(ConfinementError) {
    guard let mode = Self.modes.firstIndex(of: policy.mode) else {
      throw ConfinementError(.invalid("\"\(policy.mode)\" is no memory policy"), path: "linux.memoryPolicy.mode")
    }
    var bits = Int32(mode)
    for (index, name) in policy.flags.enumerated() {
      guard let flag = Self.flags[name] else {
        throw ConfinementError(
          .invalid("\"\(name)\" is no flag of memory policies"), path: "linux.memoryPolicy.flags[\(index)]")
      }
      bits |= flag
    }
    let text = policy.nodes ?? ""
    guard let nodes = NumberList.numbers(in: text, below: 1024) else {
      throw ConfinementError(.invalid("\"\(text)\" is no list like 0-3,7"), path: "linux.memoryPolicy.nodes")
    }
    self.mode = bits
    self.nodes = nodes
  }

  /// For the calling process, and what it executes. Which nodes and flags go with which mode, the kernel knows.
  public func apply() throws(ConfinementError) {
    try blaming("linux.memoryPolicy") { () throws(SyscallError) in try Scheduling.setMemoryPolicy(mode, nodes: nodes) }
  }

  /// In the order of the kernel's numbers.
  public static let modes = [
    "MPOL_DEFAULT", "MPOL_PREFERRED", "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_LOCAL", "MPOL_PREFERRED_MANY",
    "MPOL_WEIGHTED_INTERLEAVE",
  ]

  public static let flags: [String: Int32] = [
    "MPOL_F_STATIC_NODES": 1 << 15, "MPOL_F_RELATIVE_NODES": 1 << 14, "MPOL_F_NUMA_BALANCING": 1 << 13,
  ]
}
