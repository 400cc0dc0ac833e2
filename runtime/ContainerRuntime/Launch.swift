package import Cgroups
internal import Glibc
package import LinuxKernel

/// A process that this one has started.
package struct StartedProcess: ~Copyable {
  package let pid: Int32
  package let descriptor: FileDescriptor
  /// The groups that were made for it.
  package internal(set) var cgroup = Cgroup.none

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

  init(plan: ContainerPlan) throws(RuntimeError) {
    self.plan = plan
    let group = plan.cgroup
    // Root of a joined user namespace has no right to the group: there the process is moved afterwards.
    // An ordinary user is told better what is wrong when he moves it, and a scope is made around the process.
    let moves = plan.namespaces.needsGoBetween || plan.namespaces.isUnprivileged || group.unit != nil
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

  /// Starts it, with or without a go-between.
  /// - Returns: the process, or `nil` in that process itself.
  func start(ours: borrowing Handshake, theirs: borrowing Handshake) throws(RuntimeError) -> StartedProcess? {
    if plan.namespaces.isBornLate { return try startOutside(ours: ours, theirs: theirs) }
    if plan.namespaces.needsGoBetween { return try startInside(ours: ours, theirs: theirs) }
    let (kinds, number) = (plan.namespaces.cloned, cgroupNumber)
    let side = try explaining("linux.namespaces") { () throws(SyscallError) in
      try Cloning.clone(kinds, into: number)
    }
    switch consume side {
    case .child: return nil
    case .parent(let pid, let pidfd): return StartedProcess(pid: pid, descriptor: pidfd)
    }
  }

  private func startInside(
    ours: borrowing Handshake, theirs: borrowing Handshake
  ) throws(RuntimeError) -> StartedProcess? {
    let (process, namespaces) = (plan.process, plan.namespaces)
    let side = try GoBetween.start(
      telling: theirs, namespaces.clonedInside,
      prepare: { () throws(RuntimeError) in
        if namespaces.isUnprivileged { try process.inheritOutOfMemoryScore() }
        if namespaces.isUserFirst { try namespaces.makeUserNamespace(theirs) }
        try namespaces.makeTimeNamespace()
      }, enter: { () throws(RuntimeError) in try namespaces.enter() })
    switch consume side {
    case .born: return nil
    case .waiting(let goBetween):
      if namespaces.isUserFirst {
        try goBetween.mapIDs(over: ours) { pid throws(RuntimeError) in try namespaces.writeMappings(of: pid) }
      }
      return try goBetween.introduced(over: ours)
    }
  }
}

extension Launch {
  /// Starts what is not in the joined pid namespace itself, only its children are: see ``NamespacePlan/isBornLate``.
  private func startOutside(
    ours: borrowing Handshake, theirs: borrowing Handshake
  ) throws(RuntimeError) -> StartedProcess? {
    let side = try explaining("linux.namespaces") { () throws(SyscallError) in try Cloning.clone() }
    switch consume side {
    case .child:
      do throws(RuntimeError) {
        if plan.namespaces.isUnprivileged { try plan.process.inheritOutOfMemoryScore() }
        try plan.namespaces.enterOutside(theirs)
      } catch {
        // If not even this can be said, the runtime sees the end of the stream.
        try? theirs.send(.failed(error.description))
        CurrentProcess.exit(1)
      }
      return nil
    case .parent(let pid, let pidfd):
      let process = StartedProcess(pid: pid, descriptor: pidfd)
      guard plan.namespaces.new.contains(.user) else { return process }
      do throws(RuntimeError) {
        guard try ours.receive(from: process) == .mapIDs else {
          throw RuntimeError("an unexpected message from what prepares the container")
        }
        try plan.namespaces.writeMappings(of: pid)
        try ours.send(.proceed)
        return process
      } catch {
        throw undoing(error) { () throws(RuntimeError) in try process.kill() }
      }
    }
  }
}

extension StartedProcess {
  /// Makes way for the child of its parent that it has started, over whose birth it ends.
  mutating func giveWay(over handshake: borrowing Handshake) throws(RuntimeError) {
    guard case .cloned(let child) = try handshake.receive(from: self) else {
      throw RuntimeError("an unexpected message from what prepares the container")
    }
    let descriptor = try explaining { () throws(SyscallError) in try Processes.descriptor(of: child) }
    let old = pid
    self = StartedProcess(pid: child, descriptor: descriptor)
    try explaining { () throws(SyscallError) in _ = try Processes.reap(old) }
  }
}

extension NamespacePlan {
  /// The same without a go-between, in the process that prepares the container.
  fileprivate func enterOutside(_ handshake: borrowing Handshake) throws(RuntimeError) {
    if isUserFirst { try makeUserNamespace(handshake) }
    try makeTimeNamespace()
    try explaining { () throws(SyscallError) in try Processes.forbidInspection() }
    try enter()
    let kinds = clonedInside
    if !kinds.isEmpty { try explaining("linux.namespaces") { () throws(SyscallError) in try kinds.unshare() } }
    guard kinds.contains(.user) else { return }
    try handshake.send(.mapIDs)
    try handshake.waitToProceed()
  }

  /// What a go-between does before the init is born.
  fileprivate func enter() throws(RuntimeError) {
    try join()
    if joins(.user) { try becomeRoot() }
  }

  /// All that an ordinary user may do is what he may as the root of a user namespace.
  fileprivate func makeUserNamespace(_ handshake: borrowing Handshake) throws(RuntimeError) {
    try explaining("linux.namespaces") { () throws(SyscallError) in try NamespaceKinds.user.unshare() }
    try handshake.send(.mapIDs)
    try handshake.waitToProceed()
    try becomeRoot()
  }

  private func becomeRoot() throws(RuntimeError) {
    try explaining("linux.namespaces") { () throws(SyscallError) in
      try Credentials.setGroup(0)
      try Credentials.setUser(0)
    }
  }

  /// For the children of this process. Its clocks can be set until the first of them is born.
  fileprivate func makeTimeNamespace() throws(RuntimeError) {
    guard new.contains(.time) else { return }
    try explaining("linux.namespaces") { () throws(SyscallError) in try NamespaceKinds.time.unshare() }
    if timeOffsets.isEmpty { return }
    try explaining("linux.timeOffsets") { () throws(SyscallError) in
      try FileDescriptor.open("/proc/self/timens_offsets", .writeOnly).writeAll(Array(timeOffsets.utf8))
    }
  }
}
