internal import Cgroups
internal import Confinement
internal import Glibc
internal import JSON
package import LinuxKernel
internal import OCIRuntimeSpec
internal import Rootfs

/// `create`: from a bundle to a process that waits for `start`.
package struct ContainerCreation {
  let id: ContainerID
  let options: CreateOptions
  let configuration: [UInt8]
  var plan: ContainerPlan
  let folder: ContainerFolder

  /// Reads and checks everything; nothing is made.
  package init(_ id: ContainerID, options: CreateOptions) throws(RuntimeError) {
    self.id = id
    self.options = options
    folder = ContainerFolder(id, in: options.root)
    // A bundle that is not there is another mistake than one without a configuration.
    _ = try explaining { () throws(SyscallError) in try FileDescriptor.open(options.bundle, [.pathOnly, .directory]) }
    let name = options.configuration
    let path = name.hasPrefix("/") ? name : "\(options.bundle)/\(name)"
    do { configuration = try AtomicFile.read(path, limit: 16 << 20) } catch {
      throw RuntimeError(
        error.errno == .noEntry ? "JSON specification file \(name) not found in \(options.bundle)" : "\(error)")
    }
    let spec: Spec
    do { spec = try Spec(jsonText: configuration) } catch { throw RuntimeError(error, in: name) }
    plan = try ContainerPlan(spec, id: id, options: options)
    plan.warnings.forEach(options.warn)
    options.debug?("\(options.bundle)/\(name): \(configuration.count) bytes of version \(spec.ociVersion)")
    try plan.process.check(consoleSocket: options.consoleSocket, isDetached: options.isDetached)
  }

  /// Whether ``create(console:isStarted:)`` can start the program as well: nobody has to be told in between.
  package var canStartAtOnce: Bool { plan.spec.hooks == nil && !hasTerminal }

  /// Whether the process wants a terminal.
  package var hasTerminal: Bool { plan.process.process.terminal }

  /// Makes the container. When it throws, nothing of it is left, and the poststop hooks have run (runtime.md §Lifecycle).
  /// - Parameters:
  ///   - console: gets the master of the terminal, if nobody listens at a path for it.
  ///   - isStarted: lets it run its program, see ``canStartAtOnce``.
  /// - Returns: the init, a child of this process.
  package func create(
    console: consuming MessageSocket? = nil, isStarted: Bool = false
  ) throws(RuntimeError) -> StartedProcess {
    try folder.make(root: options.root)
    do throws(RuntimeError) {
      return try createInFolder(console, isStarted)
    } catch {
      let failure = undoing(error) { () throws(RuntimeError) in try folder.remove() }
      for second in HookRunner.runAll(plan.spec.hooks?.poststop ?? [], "poststop", plan.state(.stopped)) {
        options.warn("\(second)")
      }
      throw failure
    }
  }

  /// Removes what was made, when the process has ended and was reaped, without reading again what was written of it.
  /// - Returns: `false` if more is to be done than that.
  package func removeEnded(_ process: borrowing StartedProcess) throws(RuntimeError) -> Bool {
    guard canStartAtOnce, plan.resourceControl == nil, process.cgroup.unit == nil, folder.exists else { return false }
    try Container.removeProcesses(of: process.cgroup)
    try folder.remove()
    return true
  }

  private func createInFolder(
    _ console: consuming MessageSocket?, _ isStarted: Bool
  ) throws(RuntimeError) -> StartedProcess {
    try folder.saveConfiguration(configuration)
    guard let resourceControl = plan.resourceControl else { return try createInGroup(console, isStarted) }
    try explaining { () throws(CgroupError) in try resourceControl.create() }
    do throws(RuntimeError) { return try createInGroup(console, isStarted) } catch {
      throw undoing(error) { () throws(RuntimeError) in
        try explaining { () throws(CgroupError) in try resourceControl.groups.remove() }
      }
    }
  }

  private func createInGroup(
    _ console: consuming MessageSocket?, _ isStarted: Bool
  ) throws(RuntimeError) -> StartedProcess {
    if isStarted { try folder.markIncomplete() }
    let gate = isStarted ? nil : try folder.makeGate()
    let outcome = try StartOutcome.promise(in: folder, hooks: plan.spec.hooks)
    var socket = try MessageSocket.connect(toConsole: options.consoleSocket)
    if console != nil { socket = console }
    var plan = plan
    let rootSource = try plan.openSources()
    guard plan.cgroup.unit == nil else { return try launch(plan, gate, outcome, socket, rootSource) }
    try plan.createCgroup(options)
    let cgroup = plan.cgroup
    do throws(RuntimeError) {
      options.debug?("the control groups are there")
      try plan.limitCgroup(options)
      return try launch(plan, gate, outcome, socket, rootSource)
    } catch {
      throw undoing(error) { () throws(RuntimeError) in
        try explaining { () throws(CgroupError) in
          // What the first process or a hook has started is in the group as well.
          try cgroup.signalAll(SIGKILL)
          try cgroup.remove()
        }
      }
    }
  }

  private func launch(
    _ plan: ContainerPlan, _ gate: StartGate?, _ outcome: StartOutcome?,
    _ socket: consuming MessageSocket?, _ rootSource: MountSource?
  ) throws(RuntimeError) -> StartedProcess {
    var pair = try explaining { () throws(SyscallError) in try MessageSocket.pair() }
    let launch = try Launch(plan: plan)
    let ours = Handshake(socket: pair.takeFirst())
    let theirs = Handshake(socket: pair.takeSecond())
    guard var started = try launch.start(ours: ours, theirs: theirs) else {
      _ = consume ours
      InitProcess(
        plan: plan, options: options, handshake: theirs, gate: gate, outcome: outcome, consoleSocket: socket,
        rootSource: rootSource
      ).run()
    }
    _ = consume theirs
    var (isInUnit, devices) = (false, NetworkDeviceMoves?.none)
    do throws(RuntimeError) {
      isInUnit = try startUnit(with: started.pid, plan)
      options.debug?("the first process is \(started.pid)")
      try attend(&started, ours, plan, bornInCgroup: launch.isBornInCgroup || isInUnit, &devices)
      try gate == nil ? folder.removeMark() : folder.complete()
      try ours.send(.proceed)
      started.cgroup = plan.cgroup
      return started
    } catch {
      let hasUnit = isInUnit
      throw undoing(Self.cause(of: error, in: plan.cgroup)) { () throws(RuntimeError) in
        try devices?.undo()
        try started.kill()
        if hasUnit { try explaining { () throws(CgroupError) in try plan.cgroup.remove() } }
      }
    }
  }

  /// What is behind a failure: a first process that the kernel has killed cannot say why it ended.
  private static func cause(of failure: RuntimeError, in cgroup: Cgroup) -> RuntimeError {
    // Where nobody counts, what is known must do.
    guard let kills = try? cgroup.outOfMemoryKills(), kills > 0 else { return failure }
    return RuntimeError("the container's first process was killed, for it ran out of memory (memory limit too low?)")
  }

  /// - Returns: whether there is one, so that the process is in its groups.
  private func startUnit(with pid: Int32, _ plan: ContainerPlan) throws(RuntimeError) -> Bool {
    guard plan.cgroup.unit != nil else { return false }
    try explaining { () throws(CgroupError) in try plan.cgroup.startUnit(with: pid, plan.limits) }
    return true
  }

  /// This side of the conversation that ``HandshakeMessage`` draws.
  private func attend(
    _ process: inout StartedProcess, _ handshake: borrowing Handshake, _ plan: ContainerPlan, bornInCgroup: Bool,
    _ devices: inout NetworkDeviceMoves?
  ) throws(RuntimeError) {
    var pid = process.pid
    if !plan.namespaces.isUserFirst, !plan.namespaces.isBornLate { try plan.namespaces.writeMappings(of: pid) }
    try explaining { () throws(CgroupError) in
      try plan.cgroup.join(pid, skippingUnified: bornInCgroup)
      try plan.resourceControl?.groups.join(pid)
    }
    if !plan.namespaces.isBornLate { devices = try plan.moveNetworkDevices(to: pid) }
    let hasScore = plan.namespaces.isUnprivileged && plan.namespaces.needsGoBetween
    try plan.process.apply(to: pid, in: plan.namespaces.all, hasScore: hasScore)
    // Looked up while it waits: it may have made way for another process and ended when it is saved.
    let first = try record(of: process, in: plan.cgroup)
    try handshake.send(.proceed)
    try folder.save(first)
    if plan.runsHooksAtCreate {
      try handshake.expect(.runHooks)
      try runHooks(pid)
      try handshake.send(.proceed)
    }
    if plan.namespaces.isBornLate {
      try process.giveWay(over: handshake)
      pid = process.pid
      // Only now are its namespaces there for certain.
      devices = try plan.moveNetworkDevices(to: pid)
      try folder.save(try record(of: process, in: plan.cgroup))
      try handshake.send(.proceed)
    }
    try plan.process.agent?.introduce(pid, of: state(with: pid), listeningOver: handshake)
    try handshake.expect(.ready)
    try process.hand(to: options.pidfdSocket)
    try PIDFile.write(pid, to: options.pidFile)
  }

  private func runHooks(_ pid: Int32) throws(RuntimeError) {
    guard let hooks = plan.spec.hooks else { return }
    // These are steps 3 and 4 of the lifecycle, and `creating` is step 2 (runtime.md §State).
    var state = state(with: pid)
    state.status = .created
    try HookRunner.run(hooks.prestart, "prestart", state)
    try HookRunner.run(hooks.createRuntime, "createRuntime", state)
  }

  private func state(with pid: Int32) -> State {
    var state = plan.state(.creating)
    state.pid = pid
    return state
  }

  private func record(
    of process: borrowing StartedProcess, in cgroup: Cgroup
  ) throws(RuntimeError) -> ContainerRecord {
    let pid = process.pid
    let identity = try explaining { () throws(SyscallError) in try ProcessIdentity.running(pid) }
    guard let identity else { throw RuntimeError("the container's first process ended unexpectedly") }
    var record = ContainerRecord()
    record.id = id.description
    record.ociVersion = plan.spec.ociVersion
    record.pid = pid
    record.startTime = identity.startTime
    record.created = Timestamp.now().description
    record.bundle = options.bundle
    record.rootfs = plan.rootfs.rootPath
    record.ownerUID = CurrentProcess.effectiveUID
    record.annotations = plan.spec.annotations
    record.hasHooks = plan.spec.hooks != nil
    record.noNewKeyring = options.noNewKeyring
    record.cgroupPaths = cgroup.paths
    record.systemdUnit = cgroup.unit?.name ?? ""
    record.resourceControl = plan.resourceControl?.groups
    return record
  }
}

extension ContainerPlan {
  /// Where the root of a user namespace may not look, this process does.
  /// - Returns: the root, if it was opened.
  mutating func openSources() throws(RuntimeError) -> MountSource? {
    // An ordinary user may copy mounts only as the root of his own namespaces, where he sees all that he sees here.
    if namespaces.isUnprivileged { return nil }
    let root = try openRoot()
    if rootfs.hasUserNamespace, root == nil { return nil }
    for index in rootfs.mounts.indices {
      let mount = rootfs.mounts[index]
      guard mount.isOpenedOutside(hasUserNamespace: rootfs.hasUserNamespace) else { continue }
      let tree = try explaining { () throws(RootfsError) in try mount.openSource() }
      if let tree { rootfs.mounts[index].openedSource = MountSource(owning: tree) }
    }
    return root
  }

  /// - Returns: `nil` for who is root in a user namespace of his own, but not in a mount namespace, as an ordinary user.
  private func openRoot() throws(RuntimeError) -> MountSource? {
    guard rootfs.hasUserNamespace else { return nil }
    let path = rootfs.rootPath
    return try explaining("root.path") { () throws(SyscallError) in
      do throws(SyscallError) {
        return MountSource(owning: try FileDescriptor.cloneMount(path, recursive: true))
      } catch {
        guard error.errno == .notPermitted, try UserNamespaces.isInside() else { throw error }
        return nil
      }
    }
  }

  /// Whether the runtime has hooks to run while the init waits.
  var runsHooksAtCreate: Bool {
    guard let hooks = spec.hooks else { return false }
    return !hooks.prestart.isEmpty || !hooks.createRuntime.isEmpty
  }

  /// What hooks are told; the pid is for the caller to set.
  func state(_ status: ContainerStatus) -> State {
    var state = State()
    state.ociVersion = spec.ociVersion
    state.id = id.description
    state.status = status
    state.bundle = bundle
    state.annotations = spec.annotations
    return state
  }
}

/// Undoes what was done before `error`; a failure of that is told as well.
func undoing(_ error: RuntimeError, _ body: () throws(RuntimeError) -> Void) -> RuntimeError {
  do { try body() } catch let second { return RuntimeError("\(error) (and left behind: \(second))") }
  return error
}
