internal import Glibc
internal import LinuxKernel

/// `run`: create and start, and stay until the end unless detached.
package enum ContainerRun {
  /// - Parameter keep: leaves the container there after it has ended.
  /// - Parameter hookFailed: is told of poststop hooks that failed, which undo nothing.
  /// - Returns: the exit status of its program, 0 if detached.
  package static func run(
    _ id: ContainerID, options: CreateOptions, keep: Bool, isSubreaper: Bool, hookFailed: (RuntimeError) -> Void
  ) throws(RuntimeError) -> Int32 {
    let creation = try ContainerCreation(id, options: options)
    if options.isDetached {
      _ = try start(creation, id, options)
      return 0
    }
    if isSubreaper { try explaining { () throws(SyscallError) in try Processes.becomeSubreaper() } }
    let foreground = try Foreground()
    let status: ExitStatus
    if creation.hasTerminal {
      var sockets = try explaining { () throws(SyscallError) in try MessageSocket.pair() }
      let socket = sockets.takeFirst()
      let process = try creation.create(console: sockets.takeSecond())
      let master = try explaining("terminal") { () throws(SyscallError) in try socket.receiveDescriptor() }
      try start(process, id, options)
      status = try foreground.attend(process, master: master)
    } else {
      let process = try start(creation, id, options)
      status = try foreground.attend(process, master: nil)
      if !keep, try creation.removeEnded(process) { return status.shellStatus }
    }
    if !keep { for failure in try Container(id, root: options.root).delete(force: true) { hookFailed(failure) } }
    return status.shellStatus
  }

  private static func start(
    _ creation: ContainerCreation, _ id: ContainerID, _ options: CreateOptions
  ) throws(RuntimeError) -> StartedProcess {
    if creation.canStartAtOnce { return try creation.create(isStarted: true) }
    let process = try creation.create()
    try start(process, id, options)
    return process
  }

  private static func start(
    _ process: borrowing StartedProcess, _ id: ContainerID, _ options: CreateOptions
  ) throws(RuntimeError) {
    do throws(RuntimeError) {
      for failure in try Container(id, root: options.root).start() { options.warn("\(failure)") }
    } catch {
      guard ContainerFolder(id, in: options.root).exists else { throw error }
      throw undoing(error) { () throws(RuntimeError) in
        _ = try Container(id, root: options.root).delete(force: true)
      }
    }
  }
}
