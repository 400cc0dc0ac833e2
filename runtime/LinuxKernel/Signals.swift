internal import CLinux
internal import Glibc

/// A signal's number on this machine.
public struct Signal: RawRepresentable, Hashable, Sendable {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let hangUp = Signal(rawValue: SIGHUP)
  public static let interrupt = Signal(rawValue: SIGINT)
  public static let quit = Signal(rawValue: SIGQUIT)
  public static let kill = Signal(rawValue: SIGKILL)
  public static let pipe = Signal(rawValue: SIGPIPE)
  public static let terminate = Signal(rawValue: SIGTERM)
  public static let child = Signal(rawValue: SIGCHLD)

  /// Sends this signal to the process `pid`.
  /// - Throws: `ESRCH` if there is none. The number is another process's once somebody has reaped the one meant.
  public func send(to pid: Int32) throws(SyscallError) {
    try check("kill", "\(pid)") { Glibc.kill(pid, rawValue) }
  }

  /// Sends this signal to every process of the group that `leader` leads.
  public func send(toGroup leader: Int32) throws(SyscallError) {
    try check("kill", "-\(leader)") { Glibc.kill(-leader, rawValue) }
  }

  /// Lets this process ignore the signal; what it executes ignores it too, unless spawned by ``ChildProcess``.
  public func ignore() { _ = signal(rawValue, SIG_IGN) }
}

/// Signals as readable events (signalfd(2)); they are blocked, so that they come no other way.
public struct SignalDescriptor: ~Copyable {
  public let descriptor: FileDescriptor

  public init(_ signals: [Signal]) throws(SyscallError) {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal.rawValue) }
    try check("sigprocmask") { sigprocmask(SIG_BLOCK, &set, nil) }
    let flags = Int32(SFD_CLOEXEC | SFD_NONBLOCK)
    descriptor = FileDescriptor(owning: try check("signalfd") { signalfd(-1, &set, flags) })
  }

  /// The next signal; `nil` if none is pending.
  public func next() -> Signal? {
    let number = proa_read_signal(descriptor.number)
    return number < 0 ? nil : Signal(rawValue: number)
  }
}
