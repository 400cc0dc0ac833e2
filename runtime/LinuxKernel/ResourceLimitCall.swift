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
}
