internal import LinuxKernel

/// `process.oomScoreAdj` (config.md §Linux Process), checked: -1000 for never killed to 1000 for killed first.
public struct OutOfMemoryScore: Equatable, Sendable {
  let adjustment: Int32

  public init(_ adjustment: Int32) throws(ConfinementError) {
    guard (-1000...1000).contains(adjustment) else {
      throw ConfinementError(.invalid("\(adjustment) is not between -1000 and 1000"), path: "process.oomScoreAdj")
    }
    self.adjustment = adjustment
  }

  /// Sets it for a process, the caller if `nil`. Lowering it needs `CAP_SYS_RESOURCE`.
  public func apply(to process: Int32? = nil) throws(ConfinementError) {
    try blaming("process.oomScoreAdj") { () throws(SyscallError) in
      let file = try FileDescriptor.open("/proc/\(process.map(String.init) ?? "self")/oom_score_adj", .writeOnly)
      try file.writeAll(Array(String(adjustment).utf8))
    }
  }
}
