internal import CLinux
internal import Glibc

/// Whom the calling thread runs as; the kernel knows nothing of processes here.
package enum Credentials {
  package static func setGroups(_ groups: [UInt32]) throws(SyscallError) {
    try check("setgroups") { proa_setgroups(groups.count, groups) }
  }

  /// Whether this process is in no group but its own.
  package static var hasNoGroups: Bool { getgroups(0, nil) == 0 }

  /// Real, effective and saved group.
  package static func setGroup(_ group: UInt32) throws(SyscallError) {
    try check("setresgid", "\(group)") { proa_setgid(group) }
  }

  /// Real, effective and saved user.
  package static func setUser(_ user: UInt32) throws(SyscallError) {
    try check("setresuid", "\(user)") { proa_setuid(user) }
  }

  /// Whether permitted capabilities survive a change from root to another user.
  package static func keepCapabilities(_ keep: Bool) throws(SyscallError) {
    try check("prctl PR_SET_KEEPCAPS") { proa_prctl(PR_SET_KEEPCAPS, keep ? 1 : 0, 0, 0, 0) }
  }

  package static func setNoNewPrivileges() throws(SyscallError) {
    try check("prctl PR_SET_NO_NEW_PRIVS") { proa_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }
  }

  package static var effectiveUser: UInt32 { geteuid() }
}
