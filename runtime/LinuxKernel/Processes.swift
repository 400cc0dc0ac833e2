internal import CLinux
internal import Glibc

/// How a process ended.
package enum ExitStatus: Equatable, Sendable {
  case exited(Int32)
  case signaled(Int32)

  /// The exit status as a shell reports it: the code, or 128 and the signal.
  package var shellStatus: Int32 {
    switch self {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }
}

/// Processes by pid, and what concerns this one.
package enum Processes {
  /// A descriptor of the process `pid`, which stays its own whoever gets the number later.
  package static func descriptor(of pid: Int32) throws(SyscallError) -> FileDescriptor {
    FileDescriptor(owning: Int32(try check("pidfd_open", "\(pid)") { proa_pidfd_open(pid) }))
  }

  /// Waits for the child `pid` (-1: any child) to end and removes it from the process table.
  /// - Parameter block: whether to wait for it; if not, `nil` means that no child has ended yet.
  package static func reap(_ pid: Int32, block: Bool = true) throws(SyscallError) -> (pid: Int32, status: ExitStatus)? {
    var status = Int32(0)
    let reaped = try check("waitpid", "\(pid)") { waitpid(pid, &status, block ? 0 : WNOHANG) }
    guard reaped != 0 else { return nil }
    return (reaped, proa_exited(status) != 0 ? .exited(proa_exit_status(status)) : .signaled(proa_term_signal(status)))
  }

  package static func kill(_ pid: Int32, _ signal: Int32) throws(SyscallError) {
    try check("kill", "\(pid)") { Glibc.kill(pid, signal) }
  }

  /// Becomes the reaper of the orphans among its descendants.
  package static func becomeSubreaper() throws(SyscallError) {
    try check("prctl PR_SET_CHILD_SUBREAPER") { proa_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }
  }

  /// Keeps others from looking into this process (`/proc/self`, `ptrace`) until the next exec.
  package static func forbidInspection() throws(SyscallError) {
    try check("prctl PR_SET_DUMPABLE") { proa_prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) }
  }

  /// Starts a process group.
  package static func leadGroup() throws(SyscallError) { try check("setpgid") { setpgid(0, 0) } }

  package static func setSession() throws(SyscallError) { try check("setsid") { setsid() } }

  /// Gives all descriptors from `first` up the close-on-exec mark.
  package static func closeOnExec(from first: Int32) throws(SyscallError) {
    try check("close_range") { proa_close_range_cloexec(UInt32(first)) }
  }

  /// Joins the session keyring named `name`, which is made if there is none.
  /// - Returns: its number.
  package static func joinSessionKeyring(_ name: String) throws(SyscallError) -> Int {
    try check("keyctl", "join session keyring") { proa_join_session_keyring(name) }
  }

  /// Lets root's programs search a keyring.
  package static func admitRoot(to keyring: Int) throws(SyscallError) {
    // As the kernel makes it: all for the possessor; view, read and link for the user; and search.
    try check("keyctl", "set permissions") { proa_keyring_permissions(keyring, 0x3f1b_0000) }
  }
}

extension FileDescriptor {
  /// Sends `signal` to the process whose pidfd this is.
  package func sendSignal(_ signal: Int32) throws(SyscallError) {
    try check("pidfd_send_signal") { proa_pidfd_send_signal(number, signal) }
  }
}
