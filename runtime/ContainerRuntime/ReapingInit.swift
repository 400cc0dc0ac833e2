internal import LinuxKernel

/// The first process of a container that was asked for with `--init`: it runs the container's program, passes on every
/// signal, reaps whatever loses its parent, and ends as the program does. It is this very executable, shown read-only in
/// the container under the name that Docker gives it.
package enum ReapingInit {
  /// What an engine puts before a container's program: `/sbin/docker-init -- PROGRAM ARGUMENTS…`.
  package static let name = "docker-init"

  /// The program and its arguments, `nil` if this process was not called to be such an init.
  package static func program(_ arguments: [String]) -> [String]? {
    guard let own = arguments.first, own == name || own.hasSuffix("/\(name)") else { return nil }
    let rest = arguments.dropFirst()
    return Array(rest.first == "--" ? rest.dropFirst() : rest)
  }

  /// - Returns: the exit status of the program as a shell has it; 127 if there is none, 126 if it cannot be run.
  package static func run(_ program: [String]) -> Int32 {
    guard let name = program.first else { return failed("no program to run", 1) }
    do throws(SyscallError) {
      // A terminal stops no init.
      for signal in Signal.ofTerminals { signal.ignore() }
      let signals = try SignalDescriptor(Signal.passedOn + [.child])
      guard let child = try CurrentProcess.fork() else { return execute(name, program) }
      CurrentProcess.releaseMemory()
      return try follow(child, signals)
    } catch { return failed("\(error)", 1) }
  }

  private static func failed(_ message: String, _ status: Int32) -> Int32 {
    CurrentProcess.complain("\(name): \(message)")
    return status
  }

  // MARK: - The program

  private static func execute(_ name: String, _ program: [String]) -> Int32 {
    let environment = CurrentProcess.environment
    do throws(SyscallError) {
      try Processes.leadGroup()
      try FileDescriptorTable.takeForeground(0)
      Signal.restoreDefaults()
      try Signal.unblockAll()
    } catch { return failed("\(error)", 1) }
    do throws(RuntimeError) {
      let path = try ExecutableSearch.find(name, environment: environment)
      let error = Execution.execute(path, program, environment: environment)
      return failed("exec: \"\(name)\": \(error.errno)", error.errno == .noEntry ? 127 : 126)
    } catch { return failed(error.description, error.description.hasSuffix("permission denied") ? 126 : 127) }
  }

  // MARK: - The init

  private static func follow(_ child: Int32, _ signals: borrowing SignalDescriptor) throws(SyscallError) -> Int32 {
    while true {
      _ = try Polling.wait([(signals.descriptor.number, .readable)])
      while let signal = signals.next() {
        if signal == .child {
          if let status = try reap(child) { return status }
        } else {
          try send(signal, to: child)
        }
      }
    }
  }

  /// - Returns: how the program has ended, `nil` if it has not.
  private static func reap(_ child: Int32) throws(SyscallError) -> Int32? {
    var status: Int32?
    do throws(SyscallError) {
      while let ended = try Processes.reap(-1, block: false) {
        if ended.pid == child { status = ended.status.shellStatus }
      }
    } catch { guard error.errno == .noChild else { throw error } }
    return status
  }

  private static func send(_ signal: Signal, to child: Int32) throws(SyscallError) {
    do throws(SyscallError) { try signal.send(to: child) } catch {
      // It has ended and will be reaped in a moment.
      guard error.errno == .noProcess else { throw error }
    }
  }
}
