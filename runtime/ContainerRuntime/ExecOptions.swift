package import OCIRuntimeSpec

/// What `exec` was told.
package struct ExecOptions {
  package var root = ""
  package var cache = ""
  /// Gets what is odd, but no reason to give up.
  package var warn: (String) -> Void = { _ in }
  /// The whole process; otherwise the container's own one with the changes below.
  package var process: Process?
  package var args: [String] = []
  package var cwd: String?
  package var env: [String] = []
  package var user: User?
  package var additionalGids: [UInt32] = []
  package var terminal = false
  package var noNewPrivileges = false
  package var capabilities: [String] = []
  package var apparmorProfile: String?
  package var selinuxLabel: String?
  package var isDetached = false
  package var consoleSocket: String?
  package var pidFile: String?
  /// Where somebody waits for a pidfd of the process.
  package var pidfdSocket: String?
  /// Groups below the container's, `[controller[,controller…]:]path`.
  package var cgroups: [String] = []
  /// Whether the process may wait for a container that is paused.
  package var ignorePaused = false
  package var preservedDescriptors = Int32(0)

  package init() {}

  /// The process to run. What it does not say of confinement, the container's configuration says.
  func process(in configuration: Spec) throws(RuntimeError) -> Process {
    guard let own = configuration.process else { throw RuntimeError(at: "process", "is required") }
    var process = process ?? changed(own)
    if process.capabilities == nil { process.capabilities = own.capabilities }
    if process.rlimits.isEmpty { process.rlimits = own.rlimits }
    if process.apparmorProfile == nil { process.apparmorProfile = own.apparmorProfile }
    if process.selinuxLabel == nil { process.selinuxLabel = own.selinuxLabel }
    if process.oomScoreAdj == nil { process.oomScoreAdj = own.oomScoreAdj }
    if process.execCPUAffinity == nil { process.execCPUAffinity = own.execCPUAffinity }
    return process
  }

  private func changed(_ own: Process) -> Process {
    var process = own
    process.args = args
    process.terminal = terminal
    process.consoleSize = nil
    process.cwd = cwd ?? own.cwd
    process.env += env
    if let user {
      process.user.uid = user.uid
      process.user.gid = user.gid
    }
    process.user.additionalGids += additionalGids
    if noNewPrivileges { process.noNewPrivileges = true }
    process.apparmorProfile = apparmorProfile ?? own.apparmorProfile
    process.selinuxLabel = selinuxLabel ?? own.selinuxLabel
    if !capabilities.isEmpty { process.capabilities = Self.adding(capabilities, to: own.capabilities) }
    return process
  }

  /// As runc: into every set but the inheritable one, and into the ambient one only if there are inheritable ones.
  private static func adding(_ names: [String], to own: LinuxCapabilities?) -> LinuxCapabilities {
    var sets = own ?? LinuxCapabilities()
    sets.bounding = (sets.bounding ?? []) + names
    sets.effective = (sets.effective ?? []) + names
    sets.permitted = (sets.permitted ?? []) + names
    if let inheritable = sets.inheritable, !inheritable.isEmpty { sets.ambient = (sets.ambient ?? []) + names }
    return sets
  }
}
