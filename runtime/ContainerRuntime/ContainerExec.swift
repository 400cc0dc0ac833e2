internal import Cgroups
internal import Confinement
internal import Glibc
internal import LinuxKernel
internal import OCIRuntimeSpec

/// `exec`: another process in a container that runs.
///
/// ```
///       runtime                                          process
///   │  visits the namespaces, the pids' for its children  │
///   ┌─ clone3 ──────────────────────────────────────────▶ │
///   │  control group, limits                              │ waits
///   │ ── .proceed ──────────────────────────────────────▶ │
///   │                                                     │ other namespaces, terminal, user, capabilities
///   │ ◀────────────────────────────────────────── .ready ─│ or .failed
///   │  pid file                                           │
///   │ ── .proceed ──────────────────────────────────────▶ │ exec
/// ```
package struct ContainerExec {
  let container: Container
  let options: ExecOptions
  let plan: ProcessPlan
  let namespaces: NamespaceKinds
  let cgroup: Cgroup

  package init(_ id: ContainerID, options: ExecOptions) throws(RuntimeError) {
    let container = try Container(id, root: options.root)
    guard container.status != .stopped else { throw RuntimeError("cannot exec in a stopped container") }
    guard container.status != .paused || options.ignorePaused else {
      throw RuntimeError("cannot exec in a paused container (use --ignore-paused to override)")
    }
    let configuration = try container.folder.configuration()
    namespaces = (configuration.linux?.namespaces ?? []).reduce(into: []) { kinds, namespace in
      kinds.insert(namespace.type.kind)
    }
    plan = try ProcessPlan(
      options.process(in: configuration), in: namespaces, of: configuration.linux,
      preserving: options.preservedDescriptors, cache: options.cache)
    plan.warnings.forEach(options.warn)
    try plan.check(consoleSocket: options.consoleSocket, isDetached: options.isDetached)
    let paths = container.record.cgroupPaths
    cgroup = try explaining { () throws(CgroupError) in
      try Cgroup(loading: paths).entering(SubCgroup(options.cgroups))
    }
    self.container = container
    self.options = options
  }

  /// - Returns: the exit status of the program, 0 if detached.
  package func run() throws(RuntimeError) -> Int32 {
    if options.isDetached {
      _ = try start(console: MessageSocket.connect(toConsole: options.consoleSocket))
      return 0
    }
    try explaining { () throws(SyscallError) in try Processes.becomeSubreaper() }
    let foreground = try Foreground()
    guard plan.process.terminal else {
      return try foreground.attend(start(console: nil), master: nil).shellStatus
    }
    var sockets = try explaining { () throws(SyscallError) in try MessageSocket.pair() }
    let socket = sockets.takeFirst()
    let process = try start(console: sockets.takeSecond())
    let master = try explaining("terminal") { () throws(SyscallError) in try socket.receiveDescriptor() }
    return try foreground.attend(process, master: master).shellStatus
  }

  private func start(console: consuming MessageSocket?) throws(RuntimeError) -> StartedProcess {
    let identity = container.record.identity
    let initProcess = try explaining { () throws(SyscallError) in try identity.descriptor() }
    guard let initProcess else { throw RuntimeError("cannot exec in a stopped container") }
    var pair = try explaining { () throws(SyscallError) in try MessageSocket.pair() }
    let ours = Handshake(socket: pair.takeFirst())
    let theirs = Handshake(socket: pair.takeSecond())
    switch try clone(beside: initProcess) {
    case .child:
      _ = consume ours
      ExecProcess(
        plan: plan, namespaces: namespaces, joined: visitedNamespaces.union(.pid), handshake: theirs,
        initProcess: initProcess, console: console
      ).run()
    case .parent(let pid, let descriptor):
      _ = consume theirs
      let process = StartedProcess(pid: pid, descriptor: descriptor)
      do throws(RuntimeError) {
        try attend(process, ours)
        return process
      } catch {
        throw undoing(error) { () throws(RuntimeError) in try process.kill() }
      }
    }
  }

  private func clone(beside initProcess: borrowing FileDescriptor) throws(RuntimeError) -> Cloning.Side {
    let (entersPIDs, visited) = (namespaces.contains(.pid), visitedNamespaces)
    return try explaining { () throws(SyscallError) in
      // Only children go there: this process stays where it is.
      if entersPIDs { try initProcess.joinNamespaces(.pid) }
      if visited.isEmpty { return try Cloning.clone() }
      let visit = try NamespaceVisit(visited, of: initProcess)
      switch try Cloning.clone() {
      case .child: return .child
      case .parent(let pid, let descriptor):
        try visit.end()
        return .parent(child: pid, pidfd: descriptor)
      }
    }
  }

  /// Where the process is born, so that the container never sees one with the host's root and network (CVE-2016-9962): who
  /// may trace in the container could look through it. A user namespace of its own gives nobody that right.
  private var visitedNamespaces: NamespaceKinds {
    namespaces.contains(.user) ? [] : namespaces.intersection(NamespaceVisit.possible)
  }

  private func attend(
    _ process: borrowing StartedProcess, _ handshake: borrowing Handshake
  ) throws(RuntimeError) {
    let pid = process.pid
    try explaining { () throws(ConfinementError) in try plan.affinity.applyInitial(to: pid) }
    try explaining { () throws(CgroupError) in try cgroup.join(pid) }
    try explaining { () throws(ConfinementError) in try plan.affinity.applyFinal(to: pid) }
    try plan.apply(to: pid, in: namespaces)
    try handshake.send(.proceed)
    guard try handshake.receive() == .ready else { throw RuntimeError("an unexpected message from the process") }
    try process.hand(to: options.pidfdSocket)
    try PIDFile.write(pid, to: options.pidFile)
    try handshake.send(.proceed)
  }
}
