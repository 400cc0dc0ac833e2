internal import CLinux
internal import Glibc

/// Filters of system calls as the kernel takes them, `seccomp(2)`.
public enum SeccompLoader {
  /// The most instructions that the kernel takes, `BPF_MAXINSNS`.
  public static let maximumInstructions = 4096

  /// Installs `program`, instructions as in `struct sock_filter`, on the calling thread; it outlives exec.
  /// - Parameter flags: `SECCOMP_FILTER_FLAG_…`, combined.
  /// - Throws: `EINVAL` if the program is none, or too long; `EACCES` without `CAP_SYS_ADMIN` and without no_new_privs.
  /// - Returns: the listener's number, if the flags ask for one.
  @discardableResult
  public static func load(_ program: [UInt8], flags: UInt) throws(SyscallError) -> Int32 {
    let size = MemoryLayout<sock_filter>.size
    guard program.count % size == 0, program.count / size <= maximumInstructions, !program.isEmpty else {
      throw SyscallError("seccomp", "\(program.count) bytes are no program", errno: .invalid)
    }
    return try check("seccomp SECCOMP_SET_MODE_FILTER") {
      program.withUnsafeBytes {
        proa_seccomp_load($0.baseAddress, UInt16($0.count / size), flags)
      }
    }
  }

  /// Which of `flags` the kernel knows: it looks at the program's address only after the flags.
  public static func supports(flag: UInt) -> Bool {
    proa_seccomp_probe_flag(flag) < 0 && errno == EFAULT
  }

  /// Forbids the calling thread, and what it executes, to gain privileges by exec; for good.
  public static func setNoNewPrivileges() throws(SyscallError) {
    try check("prctl PR_SET_NO_NEW_PRIVS") { proa_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }
  }
}
