internal import Glibc
internal import LinuxKernel
internal import OCIRuntimeSpec
internal import Rootfs

/// What the cloned process of ``ContainerExec`` does until it runs its program.
struct ExecProcess: ~Copyable {
  let plan: ProcessPlan
  let namespaces: NamespaceKinds
  /// Those in which it was born.
  let joined: NamespaceKinds
  let handshake: Handshake
  /// The container's init.
  let initProcess: FileDescriptor
  let console: MessageSocket?
  /// `nil` to stay in the caller's.
  let keyring: SessionKeyring?

  consuming func run() -> Never {
    var entry = ProcessEntry(plan, in: namespaces)
    do throws(RuntimeError) {
      try enterNamespaces()
      try keyring?.join()
      if plan.process.terminal { try openConsole() }
      try entry.prepare(handshake)
      try handshake.send(.ready)
      try handshake.waitToProceed()
    } catch {
      // If not even this can be said, the runtime sees the end of the stream.
      try? handshake.send(.failed(error.description))
      CurrentProcess.exit(255)
    }
    do throws(RuntimeError) { try entry.execute() } catch {
      FileDescriptorTable.writeStandardError("proa-runtime: exec: \(error)\n")
      CurrentProcess.exit(255)
    }
  }

  private func enterNamespaces() throws(RuntimeError) {
    try explaining { () throws(SyscallError) in
      try Processes.forbidInspection()
      try Processes.setSession()
    }
    try handshake.waitToProceed()
    try explaining("joining the container") { () throws(SyscallError) in
      let others = namespaces.subtracting(joined)
      // Inside it may be too late to leave the host's groups.
      if others.contains(.user), !plan.mustKeepGroups { try Credentials.setGroups([]) }
      if !others.isEmpty { try initProcess.joinNamespaces(others) }
      guard namespaces.contains(.user) else { return }
      try Credentials.setGroup(0)
      try Credentials.setUser(0)
      try Processes.forbidInspection()
    }
  }

  private func openConsole() throws(RuntimeError) {
    let root = try explaining { () throws(SyscallError) in
      RootDirectory(owning: try FileDescriptor.open("/", [.pathOnly, .directory]))
    }
    let opened = try explaining { () throws(RootfsError) in try RootfsAssembly.Console.open(in: root) }
    try opened.use(size: plan.process.consoleSize, sendingMasterTo: console)
  }
}
