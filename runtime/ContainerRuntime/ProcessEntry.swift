internal import Confinement
internal import Glibc
internal import LinuxKernel
internal import OCIRuntimeSpec

/// The last steps of a process inside its container, the same for the init and for `exec`: everything of the host is let go,
/// then the program runs.
struct ProcessEntry {
  let plan: ProcessPlan
  private(set) var path = ""
  private(set) var environment: [String] = []

  /// Only the host's root raises limits: to a process in a user namespace the runtime has given them before.
  private let hasUserNamespace: Bool

  init(_ plan: ProcessPlan, in namespaces: NamespaceKinds) {
    self.plan = plan
    hasUserNamespace = namespaces.contains(.user)
  }

  /// Becomes the user, without the capabilities that it is not given, in its working directory.
  /// - Parameters:
  ///   - handshake: with the runtime.
  ///   - kept: other descriptors that this process needs until it runs its program; none of a directory. All
  ///     others but those that the program gets are closed.
  mutating func prepare(_ handshake: borrowing Handshake, keeping kept: [Int32] = []) throws(RuntimeError) {
    let user = plan.process.user
    try letGo(keeping: kept + [handshake.socket.descriptor.number])
    try explaining { () throws(ConfinementError) in
      try plan.scheduling.apply()
      try plan.personality?.apply()
      try plan.memoryPolicy?.apply()
    }
    try giveStandardFiles(to: user)
    let isInDirectory = try enterWorkingDirectory(mayFail: user.uid != 0)
    if plan.process.noNewPrivileges {
      try explaining { () throws(ConfinementError) in try NoNewPrivileges.apply() }
    } else {
      // Without no_new_privs a filter needs CAP_SYS_ADMIN, which goes below.
      try loadFilter(handshake)
    }
    environment = Environment.variables(plan.process.env, listening: plan.listenDescriptors) {
      PasswordFile.home(of: user.uid)
    }
    // While it may still raise them, and after all files that a low limit would keep from being opened.
    if !hasUserNamespace { try explaining { () throws(ConfinementError) in try plan.rlimits.apply() } }
    try become(user)
    if !isInDirectory { _ = try enterWorkingDirectory(mayFail: false) }
    CurrentProcess.setUmask(user.umask ?? 0o022)
    path = try ExecutableSearch.find(plan.process.args[0], environment: environment)
    // One that notifies, while the runtime is there to hand its listener over; any other as late as can be.
    if plan.process.noNewPrivileges, plan.agent != nil { try loadFilter(handshake) }
  }

  /// Runs the program; returns only by throwing.
  func execute() throws(RuntimeError) -> Never {
    Signal.restoreDefaults()
    try explaining { () throws(SyscallError) in
      try Signal.unblockAll()
      for number in 3..<(3 + plan.preservedDescriptors) { try FileDescriptorTable.setInherited(number) }
    }
    try explaining { () throws(ConfinementError) in try plan.labels.apply() }
    if plan.process.noNewPrivileges, plan.agent == nil {
      try explaining { () throws(ConfinementError) in try plan.filter?.load() }
    }
    let error = Execution.execute(path, plan.process.args, environment: environment)
    throw RuntimeError("exec \(path): \(error.errno)")
  }

  /// CVE-2024-21626: through a directory of the host, as /proc/self/fd/N, a path leads out of the container: that of the
  /// working directory, and until the program runs that of the program as well. Before the filter, which may not know
  /// these calls; what is opened from here on is marked to be closed.
  private func letGo(keeping kept: [Int32]) throws(RuntimeError) {
    try explaining { () throws(SyscallError) in
      let first = 3 + plan.preservedDescriptors
      try FileDescriptorTable.closeAll(from: first, except: kept)
      if first > 3 { try Processes.closeOnExec(from: 3) }
    }
  }

  private func loadFilter(_ handshake: borrowing Handshake) throws(RuntimeError) {
    guard let filter = plan.filter else { return }
    guard plan.agent != nil else { return try explaining { () throws(ConfinementError) in try filter.load() } }
    do throws(ConfinementError) {
      try filter.load(sendingListenerTo: handshake.socket, HandshakeMessage.listening.bytes)
    } catch {
      throw RuntimeError(error)
    }
    try handshake.waitToProceed()
    Signal.restoreDefaults()
  }

  private func become(_ user: User) throws(RuntimeError) {
    if let capabilities = plan.capabilities {
      try explaining { () throws(ConfinementError) in
        try capabilities.dropBounding()
        try CapabilitySets.keepAcrossUserChange()
      }
    }
    try explaining("process.user") { () throws(SyscallError) in
      try setGroups(user.additionalGids)
      try Credentials.setGroup(user.gid)
      try Credentials.setUser(user.uid)
    }
    if let capabilities = plan.capabilities {
      try explaining { () throws(ConfinementError) in try capabilities.apply() }
    }
  }

  /// A user namespace that an ordinary user has mapped without help does not let groups be set, not even to none. Asked for
  /// in advance where this process is in one already: a seccomp filter, which is loaded by now, may refuse the call as well.
  private func setGroups(_ groups: [UInt32]) throws(SyscallError) {
    if plan.mustKeepGroups { return }
    do throws(SyscallError) { try Credentials.setGroups(groups) } catch {
      let changesNothing = groups.isEmpty && (plan.isUnprivileged || Credentials.hasNoGroups)
      guard hasUserNamespace, changesNothing, error.errno == .notPermitted else { throw error }
    }
  }

  /// - Parameter mayFail: tried again as the user, whom the directory may be open to when it is not to root (NFS).
  /// - Returns: whether this process is there now.
  private func enterWorkingDirectory(mayFail: Bool) throws(RuntimeError) -> Bool {
    let cwd = plan.process.cwd
    do throws(SyscallError) {
      try WorkingDirectory.change(to: cwd)
      // CVE-2024-21626: a leaked descriptor as /proc/self/fd/N would lead out of the container.
      guard try WorkingDirectory.path().hasPrefix("/") else {
        throw SyscallError("chdir", "\(cwd) is outside of the container", errno: .notPermitted)
      }
      return true
    } catch {
      if mayFail, error.errno == .accessDenied { return false }
      throw RuntimeError("chdir to cwd (\"\(cwd)\") set in config.json failed: \(error)")
    }
  }

  /// A program that opens /dev/stdout again needs to own it.
  private func giveStandardFiles(to user: User) throws(RuntimeError) {
    for number in Int32(0)...2 {
      var status = stat()
      guard fstat(number, &status) == 0, status.st_uid != user.uid else { continue }
      let isDevice = status.st_mode & S_IFMT == S_IFCHR
      if isDevice, FileDescriptorTable.isNull(number) { continue }
      // A read-only file system or an id that is not mapped: the program may still write, only not open it again.
      _ = fchown(number, user.uid, status.st_gid)
    }
  }
}
