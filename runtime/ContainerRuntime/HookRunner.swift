internal import Glibc
internal import JSON
internal import LinuxKernel
internal import OCIRuntimeSpec

/// Runs the programs of `hooks` (config.md §POSIX-platform Hooks), one after the other.
enum HookRunner {
  static func check(_ hooks: Hooks?) throws(RuntimeError) {
    guard let hooks else { return }
    let all = [
      ("prestart", hooks.prestart), ("createRuntime", hooks.createRuntime), ("createContainer", hooks.createContainer),
      ("startContainer", hooks.startContainer), ("poststart", hooks.poststart), ("poststop", hooks.poststop),
    ]
    for (phase, hooks) in all {
      for (index, hook) in hooks.enumerated() {
        guard hook.path.hasPrefix("/") else {
          throw RuntimeError(at: "hooks.\(phase)[\(index)].path", "\"\(hook.path)\" is not absolute")
        }
        if let timeout = hook.timeout, timeout <= 0 {
          throw RuntimeError(at: "hooks.\(phase)[\(index)].timeout", "must be above 0")
        }
      }
    }
  }

  /// - Throws: the first failure, with what the hook wrote; the hooks after it do not run.
  static func run(_ hooks: [Hook], _ phase: String, _ state: State) throws(RuntimeError) {
    for (index, hook) in hooks.enumerated() {
      try run(hook, "hooks.\(phase)[\(index)]", JSONWriter.bytes(state))
    }
  }

  /// Runs all hooks whatever becomes of each.
  /// - Returns: what went wrong.
  static func runAll(_ hooks: [Hook], _ phase: String, _ state: State) -> [RuntimeError] {
    var failures: [RuntimeError] = []
    for (index, hook) in hooks.enumerated() {
      do { try run(hook, "hooks.\(phase)[\(index)]", JSONWriter.bytes(state)) } catch { failures.append(error) }
    }
    return failures
  }

  private static func run(_ hook: Hook, _ culprit: String, _ state: [UInt8]) throws(RuntimeError) {
    // Files instead of pipes: a hook may leave a daemon behind that keeps its output open.
    let input = try explaining(culprit) { () throws(SyscallError) in try FileDescriptor.memoryFile("state") }
    let output = try explaining(culprit) { () throws(SyscallError) in try FileDescriptor.memoryFile("output") }
    try explaining(culprit) { () throws(SyscallError) in
      try input.writeAll(state)
      try input.seek(to: 0)
    }
    let status = try explaining("\(culprit): \(hook.path)") { () throws(SyscallError) in
      switch try Cloning.clone() {
      case .child: execute(hook, input, output)
      case .parent(let pid, let pidfd):
        let milliseconds = hook.timeout.map { Int32(clamping: min(Int64($0), 1 << 31) * 1000) }
        let ended = try pidfd.waitReadable(milliseconds: milliseconds ?? -1)
        if !ended { try end(pid, pidfd) }
        let status = try Processes.reap(pid)?.status
        return ended ? status : nil
      }
    }
    guard let status else { throw RuntimeError("\(culprit): \(hook.path): took longer than its timeout") }
    guard status != .exited(0) else { return }
    throw RuntimeError("\(culprit): \(hook.path): \(status.phrase)\(said(output))")
  }

  /// Kills a hook with the children that have stayed in its process group.
  private static func end(_ pid: Int32, _ pidfd: borrowing FileDescriptor) throws(SyscallError) {
    do throws(SyscallError) { try Signal.kill.send(toGroup: pid) } catch {
      // It has not got so far as to lead a group.
      guard error.errno == .noProcess else { throw error }
    }
    try pidfd.sendSignal(SIGKILL)
  }

  private static func execute(
    _ hook: Hook, _ input: borrowing FileDescriptor, _ output: borrowing FileDescriptor
  ) -> Never {
    do throws(SyscallError) {
      try input.install(as: 0)
      try output.install(as: 1)
      try output.install(as: 2)
      try closeDescriptors()
      if hook.timeout != nil { try leadGroup() }
      try Signal.unblockAll()
      let arguments = hook.args.isEmpty ? [hook.path] : hook.args
      throw Execution.execute(
        hook.path, arguments, environment: hook.env.isEmpty ? CurrentProcess.environment : hook.env)
    } catch {
      // The output file is where the parent looks for the reason; there is nobody else to tell.
      try? output.writeAll(Array("\(error)".utf8))
      CurrentProcess.exit(127)
    }
  }

  /// The hook gets the standard files only.
  private static func closeDescriptors() throws(SyscallError) {
    do throws(SyscallError) { try Processes.closeOnExec(from: 3) } catch {
      // Denied by the container's filter, for which ``ProcessEntry`` has marked them all before.
      guard error.errno == .notPermitted else { throw error }
    }
  }

  /// What has a timeout can be ended with its children.
  private static func leadGroup() throws(SyscallError) {
    do throws(SyscallError) { try Processes.leadGroup() } catch {
      // Denied by the container's filter: it is ended alone.
      guard error.errno == .notPermitted else { throw error }
    }
  }

  private static func said(_ output: borrowing FileDescriptor) -> String {
    var buffer = [UInt8](repeating: 0, count: 1024)
    // The failure is known already; without its words it is still reported.
    guard (try? output.seek(to: 0)) != nil else { return "" }
    let count = buffer.withUnsafeMutableBytes { (try? output.read(into: $0)) ?? 0 }
    guard count > 0 else { return "" }
    return ": " + String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").joined(separator: "; ")
  }
}

extension ExitStatus {
  /// As Go words it.
  var phrase: String {
    switch self {
    case .exited(let code): "exit status \(code)"
    case .signaled(let signal): "signal: \(signal)"
    }
  }
}
