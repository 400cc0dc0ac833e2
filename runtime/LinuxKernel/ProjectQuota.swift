internal import CLinux
internal import Glibc

/// Limits for what a directory and everything in it take (quotactl(2), "project quotas"): of XFS mounted with `prjquota`, and
/// of ext4 that was made for it.
///
/// A project is a number that files carry, and that what is made in a directory inherits. The limit is the project's.
public enum ProjectQuota {
  /// The greatest limit in bytes: the kernel counts 512-byte blocks of it in 64 bits.
  public static let greatest = UInt64(1) << 62

  /// Whether the file system of `file` keeps such limits.
  public static func isEnforced(on file: borrowing FileDescriptor) throws(SyscallError) -> Bool {
    let number = file.number
    do throws(SyscallError) { return try check("quotactl_fd") { proa_enforces_projects(number) } != 0 } catch {
      switch error.errno {
      // Not switched on; a file system without quotas; no such call (before Linux 5.14).
      case .noProcess, .invalid, .notSupported, .notImplemented, .noDevice, .notBlockDevice: return false
      default: throw error
      }
    }
  }

  /// Makes `directory`, which is empty, and whatever comes to be in it a project of its own that takes `bytes` at most.
  /// - Parameter bytes: up to ``greatest``; rounded up to whole KiB.
  public static func limit(_ directory: borrowing FileDescriptor, to bytes: UInt64) throws(SyscallError) {
    let (number, project) = (directory.number, try unusedProject(on: directory))
    try setLimit(bytes, of: project, on: directory)
    try check("ioctl", "FS_IOC_FSSETXATTR") { proa_set_project(number, project) }
  }

  /// Takes the limit of the project of `directory` away, as whoever removes the directory should: it would outlast it.
  public static func lift(_ directory: borrowing FileDescriptor) throws(SyscallError) {
    let number = directory.number
    var attributes = proa_attributes()
    do throws(SyscallError) {
      try check("ioctl", "FS_IOC_FSGETXATTR") { proa_get_attributes(number, &attributes) }
    } catch {
      // The file system has no projects.
      guard error.errno == .notSupported || error.errno == .notTerminal else { throw error }
      return
    }
    // 0 is what everything is of that nobody has given a project.
    if attributes.project != 0 { try setLimit(0, of: attributes.project, on: directory) }
  }

  private static func setLimit(
    _ bytes: UInt64, of project: UInt32, on file: borrowing FileDescriptor
  ) throws(SyscallError) {
    let number = file.number
    try check("quotactl_fd", "Q_SETQUOTA") { proa_set_limit(number, project, (bytes + 1023) / 1024) }
  }

  /// One that no file is of and nobody has set a limit for. Others number theirs from 1 on.
  private static func unusedProject(on file: borrowing FileDescriptor) throws(SyscallError) -> UInt32 {
    let number = file.number
    while true {
      let project = UInt32.random(in: 1 << 24..<1 << 31)
      var quota = if_dqblk()
      do throws(SyscallError) {
        try check("quotactl_fd", "Q_GETQUOTA") { proa_get_quota(number, project, &quota) }
        if quota.dqb_curinodes == 0, quota.dqb_curspace == 0, quota.dqb_bhardlimit == 0 { return project }
      } catch {
        // Nobody has ever used it.
        guard error.errno == .noEntry else { throw error }
        return project
      }
    }
  }
}
