internal import Confinement
internal import LinuxKernel
internal import OCIRuntimeSpec
internal import Rootfs

/// What the cloned process does until it is the container's program. See ``HandshakeMessage``.
struct InitProcess: ~Copyable {
  let plan: ContainerPlan
  let options: CreateOptions
  let handshake: Handshake
  /// `nil` to start at once.
  let gate: StartGate?
  let outcome: StartOutcome?
  let consoleSocket: MessageSocket?
  let rootSource: MountSource?

  consuming func run() -> Never {
    var entry = ProcessEntry(plan.process, in: plan.namespaces.all)
    do throws(RuntimeError) {
      try prepare(&entry)
      try handshake.send(.ready)
      try handshake.waitToProceed()
    } catch {
      // If not even this can be said, the runtime sees the end of the stream.
      try? handshake.send(.failed(error.description))
      CurrentProcess.exit(1)
    }
    do throws(RuntimeError) {
      try gate?.wait()
      try runHooks(plan.spec.hooks?.startContainer, "startContainer", .created)
      try entry.execute()
    } catch {
      if let outcome {
        outcome.tell(error.description)
      } else {
        // The runtime has gone: the container's own output is what is left.
        FileDescriptorTable.writeStandardError("proa-runtime: \(error)\n")
      }
      CurrentProcess.exit(1)
    }
  }

  private func prepare(_ entry: inout ProcessEntry) throws(RuntimeError) {
    try enterNamespaces()
    if plan.namespaces.all.contains(.mount) {
      try enterRoot()
    } else {
      let mounts = try BorrowedMounts()
      try enterRoot()
      try mounts.giveBack()
    }
    if plan.namespaces.isBornLate { try beBorn() }
    try entry.prepare(handshake, keeping: kept)
  }

  /// What is needed until the program runs, beside the handshake.
  private var kept: [Int32] { (gate.map { [$0.number] } ?? []) + (outcome.map { [$0.number] } ?? []) }

  /// Goes on as another process, inside the pid namespace that is joined, with nothing of the host.
  private func beBorn() throws(RuntimeError) {
    let first = 3 + plan.process.preservedDescriptors
    let kept = kept + [handshake.socket.descriptor.number]
    let side = try explaining("linux.namespaces") { () throws(SyscallError) in
      try FileDescriptorTable.closeAll(from: first, except: kept)
      return try Cloning.clone(asSibling: true)
    }
    switch consume side {
    case .parent(let pid, _):
      try handshake.send(.cloned(pid: pid))
      CurrentProcess.exit(0)
    case .child: try handshake.waitToProceed()
    }
    try explaining("process.terminal") { () throws(SyscallError) in
      try Processes.setSession()
      if plan.process.process.terminal { try FileDescriptorTable.becomeControllingTerminal(0) }
    }
  }

  private func enterRoot() throws(RuntimeError) {
    let assembly = try assembleRoot()
    if plan.process.process.terminal { try openConsole(assembly) }
    try explaining { () throws(RootfsError) in
      try assembly.makeWorkingDirectory(plan.process.process.cwd)
      try assembly.restrict()
    }
    try setSysctls()
    try explaining { () throws(RootfsError) in try assembly.enter() }
  }

  private func enterNamespaces() throws(RuntimeError) {
    // What nobody may look into an ordinary user could not map either. Who is in the new user namespace already? Nobody.
    let isToBeMapped = plan.namespaces.isUnprivileged && plan.namespaces.new.contains(.user)
    if !isToBeMapped { try explaining { () throws(SyscallError) in try Processes.forbidInspection() } }
    if !plan.namespaces.needsGoBetween { try plan.namespaces.join() }
    try handshake.waitToProceed()
    if plan.namespaces.all.contains(.user) { try becomeRoot() }
    CurrentProcess.setUmask(0)
    try explaining("linux.namespaces") { () throws(SyscallError) in
      if plan.namespaces.new.contains(.cgroup) { try NamespaceKinds.cgroup.unshare() }
      try Processes.setSession()
      if plan.namespaces.new.contains(.network) { try HostNames.raiseLoopback() }
    }
    if !options.noNewKeyring { try SessionKeyring(id: "\(plan.id)", labels: plan.process.labels).make() }
    try explaining("hostname") { () throws(SyscallError) in
      if let name = plan.spec.hostname, !name.isEmpty { try HostNames.setHostname(name) }
      if let name = plan.spec.domainname, !name.isEmpty { try HostNames.setDomainname(name) }
    }
  }

  private func becomeRoot() throws(RuntimeError) {
    try explaining("linux.uidMappings: root of the user namespace") { () throws(SyscallError) in
      try Credentials.setGroup(0)
      try Credentials.setUser(0)
      try Processes.forbidInspection()
    }
  }

  private func assembleRoot() throws(RuntimeError) -> RootfsAssembly {
    let assembly = try explaining { () throws(RootfsError) in
      let assembly = try RootfsAssembly.attach(plan.rootfs, source: rootSource)
      try assembly.populate()
      return assembly
    }
    try plan.namespaces.joinPIDs()
    if plan.runsHooksAtCreate {
      try handshake.send(.runHooks)
      try handshake.waitToProceed()
    }
    try runHooks(plan.spec.hooks?.createContainer, "createContainer", .created)
    return assembly
  }

  private func runHooks(_ hooks: [Hook]?, _ phase: String, _ status: ContainerStatus) throws(RuntimeError) {
    guard let hooks, !hooks.isEmpty else { return }
    var state = plan.state(status)
    state.pid = CurrentProcess.pid
    try HookRunner.run(hooks, phase, state)
  }

  private func openConsole(_ assembly: borrowing RootfsAssembly) throws(RuntimeError) {
    let console = try explaining { () throws(RootfsError) in try assembly.openConsole() }
    try console.use(
      size: plan.process.process.consoleSize, sendingMasterTo: consoleSocket, isControlling: !plan.namespaces.isBornLate
    )
  }

  private func setSysctls() throws(RuntimeError) {
    guard !plan.linux.sysctl.isEmpty else { return }
    // The host's procfs shows the namespaces of whoever asks.
    let proc = try explaining("linux.sysctl") { () throws(SyscallError) in
      try FileDescriptor.open("/proc/sys", [.pathOnly, .directory])
    }
    for (name, value) in plan.linux.sysctl.sorted(by: { $0.key < $1.key }) {
      try explaining("linux.sysctl[\"\(name)\"]") { () throws(SyscallError) in
        let file = try proc.open(at: SysctlRules.file(of: name), .writeOnly, resolve: [.beneath, .noSymbolicLinks])
        try file.writeAll(Array(value.utf8))
      }
    }
  }
}

extension NamespacePlan {
  func join() throws(RuntimeError) {
    for namespace in joined where namespace.kind != .pid || !joinsPIDsLate { try namespace.join() }
  }

  /// What ``join()`` has left for later.
  fileprivate func joinPIDs() throws(RuntimeError) {
    for namespace in joined where namespace.kind == .pid && joinsPIDsLate { try namespace.join() }
  }
}

extension NamespacePlan.Joined {
  fileprivate func join() throws(RuntimeError) {
    try explaining(culprit) { () throws(SyscallError) in try descriptor.joinNamespaces(kind) }
  }
}
