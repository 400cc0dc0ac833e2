internal import CLinux
internal import Glibc

/// Loads a filter that notifies, and hands its listener over (`SECCOMP_FILTER_FLAG_NEW_LISTENER`).
///
/// From the moment at which the filter is loaded any call of this process may have to wait for whoever has the listener, the
/// call that hands it over included. So another process, without the filter but with the same descriptors, does that:
///
/// ```
///       this process                          sender
///   ┌─ clone, CLONE_FILES ─────────────────────▶ │
///   │  seccomp: the listener is the lowest       │ looks whether that number is open
///   │  number that is free                       │ sends the listener and a pidfd of itself
///   ▼                                            ▼ ends, and the kernel reaps it
/// ```
///
/// Only for a process with one thread.
package enum SeccompListener {
  /// `SECCOMP_FILTER_FLAG_…`
  package static let newListener: UInt = 1 << 3

  /// The signal of children is ignored from here on, so that nobody has to wait for the sender.
  /// - Parameters:
  ///   - flags: with ``newListener``.
  ///   - message: what is sent with the two descriptors.
  package static func load(
    _ program: [UInt8], flags: UInt, sendingTo channel: borrowing MessageSocket, _ message: [UInt8]
  ) throws(SyscallError) {
    let socket = channel.descriptor.number
    let (parent, number) = (getpid(), try lowestFreeNumber(socket))
    Signal.child.ignore()
    let sender = try check("clone") { proa_clone_sharing_descriptors() }
    if sender == 0 { send(number, to: socket, message, for: parent) }
    do throws(SyscallError) {
      let listener = try SeccompLoader.load(program, flags: flags)
      guard listener == number else { throw SyscallError("seccomp", "listener \(listener)", errno: .invalid) }
    } catch {
      try Processes.kill(Int32(sender), SIGKILL)
      throw error
    }
  }

  private static func lowestFreeNumber(_ some: Int32) throws(SyscallError) -> Int32 {
    FileDescriptor(owning: try check("fcntl F_DUPFD_CLOEXEC") { proa_fcntl(some, F_DUPFD_CLOEXEC, 0) }).number
  }

  /// The sender. What it closes is closed for both.
  private static func send(_ listener: Int32, to socket: Int32, _ message: [UInt8], for parent: pid_t) -> Never {
    // It must not wait for a listener of a process that has ended.
    guard prctlDeath() == 0, getppid() == parent else { _exit(1) }
    while proa_fcntl(listener, F_GETFD, 0) < 0 { sched_yield() }
    let own = Int32(proa_pidfd_open(getpid()))
    // Without this message the runtime sees that the process does not go on, and gives up when it ends.
    if own >= 0 { _ = proa_send_descriptors(socket, message, message.count, [listener, own], 2) }
    _ = close(own)
    _ = close(listener)
    _exit(0)
  }

  private static func prctlDeath() -> Int32 { proa_prctl(PR_SET_PDEATHSIG, UInt(SIGKILL), 0, 0, 0) }
}
