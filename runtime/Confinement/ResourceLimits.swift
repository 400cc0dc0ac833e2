internal import LinuxKernel
public import OCIRuntimeSpec

/// `process.rlimits` (config.md §POSIX process), checked.
public struct ResourceLimits: Equatable, Sendable {
  struct Limit: Equatable {
    var resource: Int32
    var soft: UInt64
    var hard: UInt64
    var path: String
  }

  let limits: [Limit]

  /// - Throws: `invalid` for an unknown or repeated type, and for a soft limit above the hard one.
  public init(_ rlimits: [POSIXRlimit]) throws(ConfinementError) {
    var limits: [Limit] = []
    for (index, rlimit) in rlimits.enumerated() {
      let path = "process.rlimits[\(index)]"
      guard let resource = Self.numbers[rlimit.type] else {
        throw ConfinementError(.invalid("\"\(rlimit.type)\" is no resource limit"), path: "\(path).type")
      }
      guard !limits.contains(where: { $0.resource == resource }) else {
        throw ConfinementError(.invalid("\"\(rlimit.type)\" is given twice"), path: "\(path).type")
      }
      guard rlimit.soft <= rlimit.hard else {
        throw ConfinementError(.invalid("\(rlimit.soft) is above the hard limit, \(rlimit.hard)"), path: "\(path).soft")
      }
      limits.append(Limit(resource: resource, soft: rlimit.soft, hard: rlimit.hard, path: path))
    }
    self.limits = limits
  }

  /// Sets the limits of the calling process, or of `process`. Raising a hard limit needs `CAP_SYS_RESOURCE`.
  public func apply(to process: Int32 = 0) throws(ConfinementError) {
    for limit in limits {
      try blaming(limit.path) { () throws(SyscallError) in
        try ResourceLimitCall.set(limit.resource, soft: limit.soft, hard: limit.hard, process: process)
      }
    }
  }

  /// The kernel's numbers, the same on x86-64 and aarch64.
  private static let numbers: [String: Int32] = [
    "RLIMIT_CPU": 0, "RLIMIT_FSIZE": 1, "RLIMIT_DATA": 2, "RLIMIT_STACK": 3, "RLIMIT_CORE": 4, "RLIMIT_RSS": 5,
    "RLIMIT_NPROC": 6, "RLIMIT_NOFILE": 7, "RLIMIT_MEMLOCK": 8, "RLIMIT_AS": 9, "RLIMIT_LOCKS": 10,
    "RLIMIT_SIGPENDING": 11, "RLIMIT_MSGQUEUE": 12, "RLIMIT_NICE": 13, "RLIMIT_RTPRIO": 14, "RLIMIT_RTTIME": 15,
  ]
}
