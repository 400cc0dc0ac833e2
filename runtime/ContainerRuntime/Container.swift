internal import Cgroups
internal import Glibc
internal import LinuxKernel
package import OCIRuntimeSpec

/// A container that was created before.
package struct Container {
  package let folder: ContainerFolder
  package let record: ContainerRecord
  package let status: ContainerStatus

  /// - Throws: "container does not exist", or what is wrong with its state file.
  package init(_ id: ContainerID, root: String) throws(RuntimeError) {
    folder = ContainerFolder(id, in: root)
    record = try folder.load()
    status = try folder.status(of: record)
  }

  /// Lets the container's process run its program. If a startContainer or a poststart hook fails, nothing of the container
  /// is left (runtime.md §Lifecycle, steps 7 and 9).
  /// - Returns: failures of poststart hooks that undo nothing, see ``SpecVersion/ignoresPoststartFailures``.
  package func start() throws(RuntimeError) -> [RuntimeError] {
    switch status {
    case .created: break
    case .stopped: throw RuntimeError("cannot start a container that has stopped")
    case .running: throw RuntimeError("cannot start an already running container")
    default: throw RuntimeError("cannot start a container in the \(status.rawValue) state")
    }
    let hooks = try record.hasHooks ? folder.configuration().hooks : nil
    let outcome = try StartOutcome.expected(in: folder, hooks: hooks)
    let fifo = try release()
    do throws(RuntimeError) {
      try outcome?.wait()
      guard let poststart = hooks?.poststart, !poststart.isEmpty else { return [] }
      // The hooks come after the program is executed, which closes the init's end.
      _ = try explaining("exec fifo") { () throws(SyscallError) in try Polling.wait([(fifo.number, [])]) }
      if SpecVersion(record.ociVersion)?.ignoresPoststartFailures ?? false {
        return HookRunner.runAll(poststart, "poststart", record.state(.running))
      }
      try HookRunner.run(poststart, "poststart", record.state(.running))
      return []
    } catch {
      throw undoing(error) { () throws(RuntimeError) in
        if let second = try delete(force: true).first { throw second }
      }
    }
  }

  /// - Returns: this side of the FIFO on which the init has waited.
  private func release() throws(RuntimeError) -> FileDescriptor {
    do throws(SyscallError) {
      // The init holds the other end: nobody there means that it has ended.
      let fifo = try FileDescriptor.open(folder.fifoPath, [.writeOnly, .nonBlocking])
      try check("unlink", folder.fifoPath) { unlink(folder.fifoPath) }
      try fifo.writeAll([0])
      return fifo
    } catch {
      throw RuntimeError(
        error.errno.rawValue == ENXIO ? "cannot start a container that has stopped" : "exec fifo: \(error)")
    }
  }

  /// Sends `signal` to the init, or to every process of the container.
  package func kill(_ signal: Int32, all: Bool) throws(RuntimeError) {
    if all { return try signalAll(signal) }
    guard status != .stopped, let process = try initDescriptor() else { throw RuntimeError("container not running") }
    try explaining { () throws(SyscallError) in try process.sendSignal(signal) }
    try thawToDie(of: signal)
  }

  private func signalAll(_ signal: Int32) throws(RuntimeError) {
    let record = record
    guard record.cgroupPaths.isEmpty else {
      return try explaining { () throws(CgroupError) in try record.cgroup().signalAll(signal) }
    }
    // Without a group, the init is known; the others die with it if it is the first of a pid namespace.
    let namespaces = try folder.configuration().linux?.namespaces ?? []
    guard signal == SIGKILL, namespaces.contains(where: { $0.type == .pid && ($0.path ?? "").isEmpty }) else {
      throw RuntimeError("--all: the container is not using cgroups, by which its processes could be found")
    }
    try kill(signal, all: false)
  }

  private func initDescriptor() throws(RuntimeError) -> FileDescriptor? {
    let identity = record.identity
    return try explaining { () throws(SyscallError) in try identity.descriptor() }
  }

  /// Removes what is left of a stopped container.
  /// - Parameter force: ends it if it has not stopped.
  /// - Returns: failures of its poststop hooks, which undo nothing.
  package func delete(force: Bool) throws(RuntimeError) -> [RuntimeError] {
    if status == .created || (status != .stopped && force) {
      try end()
    } else if status != .stopped {
      throw RuntimeError("cannot delete container \(record.id) that is not stopped: \(status.rawValue)")
    }
    let hooks = try record.hasHooks ? folder.configuration().hooks : nil
    let record = record
    let cgroup = try explaining { () throws(CgroupError) -> Cgroup in
      try record.resourceControl?.remove()
      return try record.cgroup()
    }
    try Self.removeProcesses(of: cgroup)
    try folder.remove()
    return HookRunner.runAll(hooks?.poststop ?? [], "poststop", record.state(.stopped))
  }

  /// Ends whoever is left in the group, and removes it: without a pid namespace of its own, a container's other processes
  /// outlive its init.
  static func removeProcesses(of cgroup: Cgroup) throws(RuntimeError) {
    try explaining { () throws(CgroupError) in
      if try cgroup.removeIfEmpty() { return }
      try cgroup.signalAll(SIGKILL)
      try cgroup.remove()
    }
  }

  private func end() throws(RuntimeError) {
    guard let process = try initDescriptor() else { return }
    try explaining { () throws(SyscallError) in
      do throws(SyscallError) { try process.sendSignal(SIGKILL) } catch {
        if error.errno != .noProcess { throw error }
      }
    }
    try thawToDie(of: SIGKILL)
    try explaining { () throws(SyscallError) in
      if try !process.waitReadable(milliseconds: 10_000) {
        throw SyscallError("kill", "the container's init does not end", errno: .busy)
      }
    }
  }
}
