internal import Glibc
internal import LinuxKernel

/// Stays with a process until it ends: passes signals on, relays its terminal, reaps.
struct Foreground: ~Copyable {
  private let signals: SignalDescriptor

  /// Signals wait from now on. To be made before the process is.
  init() throws(RuntimeError) {
    signals = try explaining { () throws(SyscallError) in
      try SignalDescriptor(Signal.forwardable + [.child, .windowChanged])
    }
  }

  /// - Parameter master: of the process's terminal, if it has one.
  /// - Returns: how it ended.
  func attend(
    _ process: borrowing StartedProcess, master: consuming FileDescriptor?
  ) throws(RuntimeError) -> ExitStatus {
    guard let master else { return try attend(process) }
    var relay = try TerminalRelay(master: master)
    do throws(RuntimeError) {
      let status = try attend(process, &relay)
      try relay.finish()
      return status
    } catch {
      try relay.finish()
      throw error
    }
  }

  private func attend(_ process: borrowing StartedProcess) throws(RuntimeError) -> ExitStatus {
    while true {
      _ = try wait([(signals.descriptor.number, .readable)])
      if let status = try handleSignals(process, resize: {}) { return status }
    }
  }

  private func attend(
    _ process: borrowing StartedProcess, _ relay: inout TerminalRelay
  ) throws(RuntimeError) -> ExitStatus {
    var status: ExitStatus?
    // The output ends when nobody has the terminal any more; after the process's end nobody else counts.
    while status == nil || relay.isOutputOpen {
      let events = try wait([(signals.descriptor.number, .readable)] + relay.requests)
      if !events[0].isEmpty, let ended = try handleSignals(process, resize: { relay.resize() }) { status = ended }
      try relay.handle(events[1...])
    }
    return status ?? .exited(0)
  }

  private func wait(_ requests: [(number: Int32, events: Polling.Events)]) throws(RuntimeError) -> [Polling.Events] {
    try explaining { () throws(SyscallError) in try Polling.wait(requests) }
  }

  /// - Returns: how the process ended, if it has.
  private func handleSignals(
    _ process: borrowing StartedProcess, resize: () -> Void
  ) throws(RuntimeError) -> ExitStatus? {
    var status: ExitStatus?
    while let signal = signals.next() {
      switch signal {
      case .child: status = try reap(process.pid) ?? status
      case .windowChanged: resize()
      default: try forward(signal, to: process)
      }
    }
    return status
  }

  private func forward(_ signal: Signal, to process: borrowing StartedProcess) throws(RuntimeError) {
    do { try process.descriptor.sendSignal(signal.rawValue) } catch {
      if error.errno != .noProcess { throw RuntimeError(error) }
    }
  }

  /// Reaps whoever has ended: this process may be the reaper of the container's orphans as well.
  private func reap(_ pid: Int32) throws(RuntimeError) -> ExitStatus? {
    var status: ExitStatus?
    while true {
      do throws(SyscallError) {
        guard let (ended, how) = try Processes.reap(-1, block: false) else { return status }
        if ended == pid { status = how }
      } catch {
        if error.errno.rawValue == ECHILD { return status }
        throw RuntimeError(error)
      }
    }
  }
}
