internal import Cgroups
internal import Glibc
package import LinuxKernel

/// A process that this one has started.
package struct StartedProcess: ~Copyable {
  package let pid: Int32
  package let descriptor: FileDescriptor

  /// Ends it and takes it out of the process table.
  func kill() throws(RuntimeError) {
    try explaining { () throws(SyscallError) in
      do throws(SyscallError) { try descriptor.sendSignal(SIGKILL) } catch {
        if error.errno != .noProcess { throw error }
      }
      do throws(SyscallError) { _ = try Processes.reap(pid) } catch {
        // Reaped already.
        if error.errno.rawValue != ECHILD { throw error }
      }
    }
  }
}

extension StartedProcess {
  /// Sends a pidfd of it to whoever listens at `path`, `--pidfd-socket`.
  func hand(to path: String?) throws(RuntimeError) {
    guard let path else { return }
    do throws(SyscallError) { try MessageSocket.connect(to: path).send("pidfd", with: descriptor) } catch {
      throw RuntimeError("--pidfd-socket: \(error)")
    }
  }
}

/// Starts the process that becomes the init.
struct Launch: ~Copyable {
  let plan: ContainerPlan
  /// Kept open until the process is started.
  private let cgroup: FileDescriptor?
  private let cgroupNumber: Int32?

  enum Side: ~Copyable {
    case child
    case parent(StartedProcess)
  }

  init(plan: ContainerPlan) throws(RuntimeError) {
    self.plan = plan
    let group = plan.cgroup
    // Root of a joined user namespace has no right to the group: there the process is moved afterwards.
    let moves = plan.namespaces.needsGoBetween
    let descriptor = try explaining { () throws(CgroupError) in moves ? nil : try group.cloneDescriptor() }
    if let descriptor {
      cgroupNumber = descriptor.number
      cgroup = consume descriptor
    } else {
      cgroupNumber = nil
      cgroup = nil
    }
  }

  /// Whether the process is in the v2 cgroup from its first moment.
  var isBornInCgroup: Bool { cgroupNumber != nil }

  /// - Parameter handshake: the child's end, over which a go-between tells the pid.
  func clone(telling handshake: borrowing Handshake) throws(RuntimeError) -> Side {
    let kinds = plan.namespaces.needsGoBetween ? [] : plan.namespaces.cloned
    let number = cgroupNumber
    let side = try explaining("linux.namespaces") { () throws(SyscallError) in
      try Cloning.clone(kinds, into: number)
    }
    switch consume side {
    case .parent(let pid, let pidfd): return .parent(StartedProcess(pid: pid, descriptor: pidfd))
    case .child:
      if plan.namespaces.needsGoBetween { goBetween(handshake) }
      return .child
    }
  }

  /// Joins namespaces and starts the init inside them as a child of the runtime. Only the init returns.
  private func goBetween(_ handshake: borrowing Handshake) {
    do throws(RuntimeError) {
      try plan.namespaces.makeTimeNamespace()
      try explaining { () throws(SyscallError) in try Processes.forbidInspection() }
      try plan.namespaces.join()
      if plan.namespaces.joins(.user) {
        try explaining("linux.namespaces") { () throws(SyscallError) in
          try Credentials.setGroup(0)
          try Credentials.setUser(0)
        }
      }
      let side = try explaining("linux.namespaces") { () throws(SyscallError) in
        try Cloning.clone(plan.namespaces.cloned, asSibling: true)
      }
      guard case .parent(let pid, _) = consume side else { return }
      try handshake.send(.cloned(pid: pid))
      CurrentProcess.exit(0)
    } catch {
      // If not even this can be said, the runtime sees the end of the stream.
      try? handshake.send(.failed(error.description))
      CurrentProcess.exit(1)
    }
  }

  /// The init, whoever started it.
  func identify(
    _ process: consuming StartedProcess, _ handshake: borrowing Handshake
  ) throws(RuntimeError) -> StartedProcess {
    guard plan.namespaces.needsGoBetween else { return process }
    let message: HandshakeMessage
    do throws(RuntimeError) { message = try handshake.receive() } catch {
      throw undoing(error) { () throws(RuntimeError) in try process.kill() }
    }
    guard case .cloned(let pid) = message else { throw RuntimeError("an unexpected message from the go-between") }
    return try explaining { () throws(SyscallError) in
      _ = try Processes.reap(process.pid)
      return StartedProcess(pid: pid, descriptor: try Processes.descriptor(of: pid))
    }
  }
}

extension NamespacePlan {
  /// For the children of this process. Its clocks can be set until the first of them is born.
  fileprivate func makeTimeNamespace() throws(RuntimeError) {
    guard new.contains(.time) else { return }
    try explaining("linux.namespaces") { () throws(SyscallError) in try NamespaceKinds.time.unshare() }
    if timeOffsets.isEmpty { return }
    try explaining("linux.timeOffsets") { () throws(SyscallError) in
      try FileDescriptor.open("/proc/self/timens_offsets", .writeOnly).writeAll(Array(timeOffsets.utf8))
    }
  }

  /// Tells the kernel whom the ids of a new user namespace stand for.
  func writeMappings(of pid: Int32) throws(RuntimeError) {
    guard new.contains(.user) else { return }
    for (file, mappings, culprit) in [
      ("uid_map", uidMappings, "linux.uidMappings"), ("gid_map", gidMappings, "linux.gidMappings"),
    ] {
      try explaining(culprit) { () throws(SyscallError) in
        try FileDescriptor.open("/proc/\(pid)/\(file)", .writeOnly).writeAll(Array(mappings.mapText.utf8))
      }
    }
  }
}
