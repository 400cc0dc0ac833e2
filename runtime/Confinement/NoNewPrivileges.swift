internal import LinuxKernel

/// `process.noNewPrivileges` (config.md §Linux Process).
public enum NoNewPrivileges {
  /// Forbids the calling thread, and what it executes, to gain privileges by exec; for good.
  public static func apply() throws(ConfinementError) {
    try blaming("process.noNewPrivileges") { () throws(SyscallError) in try SeccompLoader.setNoNewPrivileges() }
  }
}
