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

  /// What an init passes on to the program that it stands for: all but what the kernel sends for a process's own faults,
  /// its children and a terminal.
  package static var passedOn: [Signal] {
    let own: Set<Int32> = [
      SIGKILL, SIGSTOP, SIGCHLD, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT, SIGTTIN, SIGTTOU, 32, 33,
    ]
    return (1...64).filter { !own.contains($0) }.map(Signal.init(rawValue:))
  }

  /// What stops a process that uses its terminal from the background.
  package static var ofTerminals: [Signal] { [Signal(rawValue: SIGTTIN), Signal(rawValue: SIGTTOU)] }

  package static let windowChanged = Signal(rawValue: SIGWINCH)

  /// Has every signal do what it does by default: who started this program may have had some ignored (`nohup`), and a
  /// program inherits that.
  package static func restoreDefaults() {
    // SIGKILL and SIGSTOP, and the two that the C library keeps for itself, cannot be set and need not be.
    for number in 1...Int32(64) { _ = Glibc.signal(number, SIG_DFL) }
  }

  /// Lets every signal through again, for a program that is executed.
  package static func unblockAll() throws(SyscallError) {
    var none = sigset_t()
    sigemptyset(&none)
    try check("sigprocmask") { sigprocmask(SIG_SETMASK, &none, nil) }
  }
}
