internal import LinuxKernel

/// How many descriptors the daemon may have open: every container and client takes some, and a shell gives 1024.
enum OpenFileLimit {
  /// Takes all that the kernel gives this process. Containers are to have what it was started with.
  /// - Returns: the limit until now.
  static func raise() throws(SyscallError) -> UInt64 {
    let (soft, hard) = try ResourceLimitCall.current(ResourceLimitCall.openFiles)
    try ResourceLimitCall.set(ResourceLimitCall.openFiles, soft: hard, hard: hard)
    return soft
  }
}
