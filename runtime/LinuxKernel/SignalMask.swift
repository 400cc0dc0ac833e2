internal import CLinux
internal import Glibc

extension Signal {
  /// Everything that can be caught and passed on: all but what the kernel sends for this process's own faults, its children
  /// and its terminal's size.
  package static var forwardable: [Signal] {
    let own: Set<Int32> = [
      SIGKILL, SIGSTOP, SIGCHLD, SIGWINCH, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGPIPE, SIGURG, SIGTTIN,
      SIGTTOU, 32, 33,
    ]
    return (1...64).filter { !own.contains($0) }.map(Signal.init(rawValue:))
  }

  package static let windowChanged = Signal(rawValue: SIGWINCH)

  /// Lets every signal through again, for a program that is executed.
  package static func unblockAll() throws(SyscallError) {
    var none = sigset_t()
    sigemptyset(&none)
    try check("sigprocmask") { sigprocmask(SIG_SETMASK, &none, nil) }
  }
}
