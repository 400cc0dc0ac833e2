internal import Confinement
internal import LinuxKernel
package import OCIRuntimeSpec

/// A process to run in a container, checked.
package struct ProcessPlan {
  package let process: Process
  let capabilities: CapabilitySets?
  let rlimits: ResourceLimits
  let labels: SecurityLabels
  let outOfMemoryScore: OutOfMemoryScore?
  let filter: SeccompFilter?
  let agent: SeccompAgent?
  let scheduling: ProcessScheduling
  let personality: Personality?
  let memoryPolicy: MemoryPolicy?
  /// For `exec`; checked for the init as well, whose configuration is where it usually stands.
  let affinity: ExecAffinity
  /// Descriptors above 2 that it keeps.
  let preservedDescriptors: Int32
  /// How many of them are those of `LISTEN_FDS`. Asked here: the process that becomes the program has another pid.
  let listenDescriptors: Int32
  /// What is odd, but no reason to give up: capabilities that nobody knows (config.md §Linux Process), a spoilt cache.
  let warnings: [String]
  /// Whether an ordinary user starts it: he may be unable to leave his groups.
  let isUnprivileged = Rootless.isUnprivileged
  /// Whether the user namespace that this process is in, which is not the host's, keeps everybody in the groups he is in.
  let mustKeepGroups: Bool

  /// - Parameters:
  ///   - linux: what the container's configuration says.
  ///   - namespaces: those that the process will not share with this one.
  ///   - preserving: how many descriptors above 2 the process keeps beside those of `LISTEN_FDS`.
  init(
    _ process: Process, in namespaces: NamespaceKinds, of linux: Linux?, preserving: Int32, cache: String
  ) throws(RuntimeError) {
    try Self.check(process)
    self.process = process
    let resolved = try explaining { () throws(ConfinementError) in
      // A user namespace gives its root everything, over what belongs to the namespace.
      let permitted = namespaces.contains(.user) ? nil : try CapabilitySets.permitted()
      return process.capabilities.map { CapabilitySets.resolving($0, permitted: permitted) }
    }
    capabilities = resolved?.sets
    rlimits = try explaining { () throws(ConfinementError) in try ResourceLimits(process.rlimits) }
    labels = try explaining { () throws(ConfinementError) in
      try SecurityLabels(apparmorProfile: process.apparmorProfile, selinuxLabel: process.selinuxLabel)
    }
    let score = process.oomScoreAdj
    outOfMemoryScore = try explaining { () throws(ConfinementError) in try score.map(OutOfMemoryScore.init) }
    let cache = SeccompCache(folder: cache)
    filter = try explaining { () throws(ConfinementError) in
      try linux?.seccomp.map { profile throws(ConfinementError) in try SeccompFilter(profile, cache: cache) }
    }
    agent = SeccompAgent(linux?.seccomp)
    (scheduling, affinity) = try explaining { () throws(ConfinementError) in
      (try ProcessScheduling(process.scheduler, process.ioPriority), try ExecAffinity(process.execCPUAffinity))
    }
    (personality, memoryPolicy) = try explaining { () throws(ConfinementError) in
      (try linux?.personality.map(Personality.init), try linux?.memoryPolicy.map(MemoryPolicy.init))
    }
    mustKeepGroups = try explaining { () throws(SyscallError) in try UserNamespaces.deniesGroups() }
    let groupProblem = mustKeepGroups && !process.user.additionalGids.isEmpty ? Self.groupWarning : nil
    warnings =
      Self.warnings(of: resolved?.leftOut ?? []) + [filter?.cacheProblem, groupProblem].compactMap { $0 }
    listenDescriptors = Environment.listenDescriptors
    preservedDescriptors = try Self.preserved(preserving + listenDescriptors)
  }

  /// As in runc and crun the container goes without them.
  private static let groupWarning =
    "process.user.additionalGids: ignored, this user namespace does not let groups be set"

  /// In runc's words.
  private static func warnings(of leftOut: [String]) -> [String] {
    if leftOut.isEmpty { return [] }
    return ["ignoring unknown or unavailable capabilities: [\(leftOut.sorted().joined(separator: " "))]"]
  }

  private static func check(_ process: Process) throws(RuntimeError) {
    guard let program = process.args.first, !program.isEmpty else {
      throw RuntimeError(at: "process.args", "must not be empty")
    }
    guard process.cwd.hasPrefix("/") else {
      throw RuntimeError(at: "process.cwd", process.cwd.isEmpty ? "must not be empty" : "must be an absolute path")
    }
    for (index, argument) in process.args.enumerated() where argument.utf8.contains(0) {
      throw RuntimeError(at: "process.args[\(index)]", "holds a null character")
    }
    for (index, variable) in process.env.enumerated() where variable.utf8.contains(0) {
      throw RuntimeError(at: "process.env[\(index)]", "holds a null character")
    }
    if !process.user.additionalGids.isEmpty, Rootless.isUnprivileged {
      throw RuntimeError(
        at: "process.user.additionalGids", "cannot set any additional groups in a rootless container")
    }
    if let umask = process.user.umask, umask > 0o777 {
      throw RuntimeError(at: "process.user.umask", "\(umask) is no umask")
    }
  }

  /// What the runtime does to the process before it goes on.
  /// - Parameter hasScore: it was born with its out-of-memory score, see ``inheritOutOfMemoryScore()``.
  func apply(to pid: Int32, in namespaces: NamespaceKinds, hasScore: Bool) throws(RuntimeError) {
    try explaining { () throws(ConfinementError) in
      if !hasScore { try outOfMemoryScore?.apply(to: pid) }
      if namespaces.contains(.user) { try rlimits.apply(to: pid) }
    }
  }

  /// Gives this process the score, for the one that it starts: an ordinary user may not change that of a process which nobody
  /// may look into.
  func inheritOutOfMemoryScore() throws(RuntimeError) {
    try explaining { () throws(ConfinementError) in try outOfMemoryScore?.apply() }
  }

  /// Those of `--preserve-fds` and, as systemd hands sockets over, those of `LISTEN_FDS`.
  private static func preserved(_ count: Int32) throws(RuntimeError) -> Int32 {
    for number in 3..<(3 + count) where !FileDescriptorTable.isOpen(number) {
      throw RuntimeError("--preserve-fds: there is no open file \(number)")
    }
    return count
  }
}
