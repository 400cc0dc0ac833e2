internal import CLinux
internal import Glibc

/// `prlimit(2)`, by the kernel's numbers.
public enum ResourceLimitCall {
  /// Sets a limit of a process.
  /// - Parameters:
  ///   - process: 0 for the caller.
  ///   - resource: the number behind `RLIMIT_…`.
  ///   - soft: `UInt64.max` is no limit; the same for `hard`.
  public static func set(
    _ resource: Int32, soft: UInt64, hard: UInt64, process: Int32 = 0
  ) throws(SyscallError) {
    try check("prlimit") { proa_prlimit(process, resource, soft, hard) }
  }

  /// `RLIMIT_NOFILE`: how many descriptors a process may have open.
  public static let openFiles: Int32 = 7

  /// The caller's own; `UInt64.max` is no limit.
  public static func current(_ resource: Int32) throws(SyscallError) -> (soft: UInt64, hard: UInt64) {
    var (soft, hard): (UInt64, UInt64) = (0, 0)
    try check("prlimit") { proa_current_limit(resource, &soft, &hard) }
    return (soft, hard)
  }
}
