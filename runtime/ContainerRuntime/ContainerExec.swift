internal import Cgroups
internal import Confinement
internal import Glibc
internal import LinuxKernel
internal import OCIRuntimeSpec

/// `exec`: another process in a container that runs.
///
/// ```
///       runtime                                          process
///   ┌─ a go-between, which has joined the namespaces ────▶ │
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
    let record = container.record
    cgroup = try explaining { () throws(CgroupError) in
      try record.cgroup().entering(SubCgroup(options.cgroups))
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
    guard let process = try clone(beside: initProcess, ours: ours, theirs: theirs) else {
      _ = consume ours
      ExecProcess(
        plan: plan, namespaces: namespaces, joined: namespacesOfBirth, handshake: theirs, initProcess: initProcess,
        console: console, keyring: keyring
      ).run()
    }
    _ = consume theirs
    do throws(RuntimeError) {
      try attend(process, ours)
      return process
    } catch {
      throw undoing(error) { () throws(RuntimeError) in try process.kill() }
    }
  }

  /// - Returns: the process, or `nil` in that process itself.
  private func clone(
    beside initProcess: borrowing FileDescriptor, ours: borrowing Handshake, theirs: borrowing Handshake
  ) throws(RuntimeError) -> StartedProcess? {
    let kinds = namespacesOfBirth
    // Without a mount namespace of its own the container has its root from ``BorrowedMounts``.
    let root = try namespaces.contains(.mount) ? nil : ContainerRoot(of: initProcess, container.record.pid)
    guard !kinds.isEmpty || root != nil else {
      let clone = try explaining { () throws(SyscallError) in try Cloning.clone() }
      switch consume clone {
      case .child: return nil
      case .parent(let pid, let pidfd): return StartedProcess(pid: pid, descriptor: pidfd)
      }
    }
    let side = try GoBetween.start(
      telling: theirs,
      prepare: { () throws(RuntimeError) in if plan.isUnprivileged { try plan.inheritOutOfMemoryScore() } },
      enter: { () throws(RuntimeError) in
        try explaining("joining the container") { () throws(SyscallError) in
          if !kinds.isEmpty { try initProcess.joinNamespaces(kinds) }
          try root?.descriptor.becomeRoot()
        }
      })
    switch consume side {
    case .born: return nil
    case .waiting(let goBetween): return try goBetween.introduced(over: ours)
    }
  }

  private var keyring: SessionKeyring? {
    container.record.noNewKeyring ? nil : SessionKeyring(id: container.record.id, labels: plan.labels)
  }

  /// The rest is joined after the birth: who owns a user namespace has no right to the process's group and limits any more.
  /// What has one gives nobody inside the right to trace a process from outside of it.
  /// An ordinary user has no other right than what the user namespace gives, and may do to the process what he may to himself.
  private var namespacesOfBirth: NamespaceKinds {
    namespaces.contains(.user) && !plan.isUnprivileged ? namespaces.intersection(.pid) : namespaces
  }

  private func attend(
    _ process: borrowing StartedProcess, _ handshake: borrowing Handshake
  ) throws(RuntimeError) {
    let pid = process.pid
    try explaining { () throws(ConfinementError) in try plan.affinity.applyInitial(to: pid) }
    let (resourceControl, neighbour) = (container.record.resourceControl, container.record.pid)
    try explaining { () throws(CgroupError) in
      if options.cgroups.isEmpty { try cgroup.join(pid, beside: neighbour) } else { try cgroup.join(pid) }
      try resourceControl?.join(pid)
    }
    try explaining { () throws(ConfinementError) in try plan.affinity.applyFinal(to: pid) }
    try plan.apply(to: pid, in: namespaces, hasScore: plan.isUnprivileged)
    try handshake.send(.proceed)
    try plan.agent?.introduce(pid, of: container.record.state(container.status), listeningOver: handshake)
    try handshake.expect(.ready)
    try process.hand(to: options.pidfdSocket)
    try PIDFile.write(pid, to: options.pidFile)
    try handshake.send(.proceed)
  }
}
