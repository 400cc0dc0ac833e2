internal import OCIRuntimeSpec

/// Makes a `config.json` of a container's record, as Docker would. Pure: what has to be looked up is handed in.
struct SpecBuilder {
  /// What only the host or the mounted root file system knows.
  struct Surroundings {
    var user = User()
    /// Of the container, ready-made.
    var hostname = ""
    /// ``ContainerPaths/cgroupParent``
    var cgroupParent = "/proa"
    var files: [(target: String, source: String)] = []
    var volumes: [ContainerVolume] = []
    /// ``ContainerRecord/images(in:)``
    var images: [MountRequest] = []
    var devices: [(LinuxDevice, LinuxDeviceCgroup)] = []
    /// Every device of the host, for privileged containers.
    var hostDevices: [LinuxDevice] = []
    /// What the daemon itself may have, and so may give.
    var capabilities = CapabilitySet.all
    /// Those of ``SpecMounts/sharedPaths`` that the host has.
    var hostPaths = SpecMounts.sharedPaths
    /// ``MachineLimits/locksTrees``
    var locksTrees = true
    var joined = JoinedNamespaces()
    /// What is told of those that the container has links to.
    var linkVariables: [String] = []
    var blockIO: LinuxBlockIO?
    /// The host's path of the init that runs the container's program, `nil` for none.
    var initProgram: String?
    var seccompMachine = SeccompMachine.current(kernel: "")
    var defaultSeccomp: @Sendable (_ capabilities: Set<String>) -> LinuxSeccomp? = { _ in nil }
  }

  let id: ContainerID
  let configuration: ContainerConfiguration
  let host: HostConfiguration
  let surroundings: Surroundings

  func spec() throws(ContainerError) -> Spec {
    let security = try SecurityOptions(host.securityOptions, privileged: host.privileged)
    var spec = Spec()
    spec.ociVersion = "1.2.1"
    var root = Root()
    root.path = "rootfs"
    root.readonly = host.readonlyRootfs
    spec.root = root
    spec.process = try process(security)
    if host.utsMode == .isolated {
      spec.hostname = surroundings.hostname
      if !configuration.domainname.isEmpty { spec.domainname = configuration.domainname }
    }
    spec.mounts = try SpecMounts(
      host: host, files: surroundings.files, volumes: surroundings.volumes, images: surroundings.images,
      hostPaths: surroundings.hostPaths, locksTrees: surroundings.locksTrees,
      sharedMemory: surroundings.joined.sharedMemory,
      initProgram: surroundings.initProgram
    ).all()
    spec.annotations = host.annotations
    spec.linux = try linux(security)
    return spec
  }

  private func process(_ security: SecurityOptions) throws(ContainerError) -> Process {
    var process = Process()
    process.terminal = configuration.terminal
    if configuration.terminal, host.consoleSize.count == 2, host.consoleSize != [0, 0] {
      var size = ConsoleSize()
      size.height = UInt64(host.consoleSize[0])
      size.width = UInt64(host.consoleSize[1])
      process.consoleSize = size
    }
    process.args = configuration.arguments
    if surroundings.initProgram != nil { process.args = [InitProgram.target, "--"] + process.args }
    process.env = Environment.container(
      configuration.environment, hostname: surroundings.hostname, terminal: configuration.terminal,
      linked: surroundings.linkVariables)
    process.cwd = configuration.workingDirectory.isEmpty ? "/" : PathCleaning.clean(configuration.workingDirectory)
    process.user = surroundings.user
    process.capabilities = Self.capabilities(try capabilities(), uid: surroundings.user.uid)
    process.apparmorProfile = security.appArmor
    process.noNewPrivileges = security.noNewPrivileges
    process.rlimits = SpecResources.rlimits(host.resources)
    process.oomScoreAdj = host.oomScoreAdjustment.flatMap { $0 == 0 ? nil : $0 }
    return process
  }

  private func capabilities() throws(ContainerError) -> [String] {
    try CapabilitySet.effective(for: host, available: surroundings.capabilities)
  }

  /// A process that is not root has none to begin with, as after `execve`: the bounding set is what it may come to.
  static func capabilities(_ names: [String], uid: UInt32) -> LinuxCapabilities {
    var capabilities = LinuxCapabilities()
    capabilities.bounding = names
    if uid == 0 {
      capabilities.effective = names
      capabilities.permitted = names
    }
    return capabilities
  }

  /// A parent that is not absolute is one below the root of the hierarchies, where the machine's first process is.
  private var cgroupsPath: String {
    PathCleaning.clean("\(host.cgroupParent ?? surroundings.cgroupParent)/\(id)")
  }

  private func linux(_ security: SecurityOptions) throws(ContainerError) -> Linux {
    var linux = Linux()
    linux.namespaces = namespaces()
    linux.rootfsPropagation = Self.rootPropagation(for: try host.allMounts())
    linux.cgroupsPath = cgroupsPath
    linux.resources = try resources()
    linux.devices = (host.privileged ? surroundings.hostDevices : []) + surroundings.devices.map(\.0)
    linux.sysctl = sysctls()
    if !host.privileged && !security.unmaskedSystemPaths {
      linux.maskedPaths = host.maskedPaths ?? DefaultPaths.masked
      linux.readonlyPaths = host.readonlyPaths ?? DefaultPaths.readonly
    }
    switch security.seccomp {
    case .unconfined: break
    case .profile(let profile):
      linux.seccomp = profile.filter(capabilities: Set(try capabilities()), machine: surroundings.seccompMachine)
    case .standard: linux.seccomp = surroundings.defaultSeccomp(Set(try capabilities()))
    }
    return linux
  }

  /// A bind passes mounts on only if the container's root does so when the bind is made.
  static func rootPropagation(for mounts: [MountRequest]) -> RootfsPropagation? {
    let modes = mounts.filter { $0.kind == .bind }.compactMap(\.propagation)
    if modes.contains(where: { $0.hasSuffix("shared") }) { return .shared }
    return modes.contains { $0.hasSuffix("slave") } ? .rslave : nil
  }

  private func namespaces() -> [LinuxNamespace] {
    var types = [LinuxNamespaceType.mount]
    if host.networkMode != .host { types.append(.network) }
    if host.utsMode == .isolated { types.append(.uts) }
    if host.pidMode != .host { types.append(.pid) }
    if host.ipcMode != .host { types.append(.ipc) }
    if host.cgroupMode == .isolated { types.append(.cgroup) }
    return types.map { LinuxNamespace($0, path: surroundings.joined.paths[$0]) }
  }

  private func resources() throws(ContainerError) -> LinuxResources {
    var resources = LinuxResources()
    if host.privileged {
      resources.devices = [DeviceRules.rule(true, "a", nil, nil, "rwm")]
    } else {
      resources.devices = DeviceRules.standard() + surroundings.devices.map(\.1)
      for rule in host.deviceRules { resources.devices.append(try DeviceRules.parse(rule)) }
    }
    resources.memory = SpecResources.memory(host.resources)
    resources.cpu = SpecResources.cpu(host.resources)
    resources.pids = SpecResources.pids(host.resources)
    resources.blockIO = surroundings.blockIO
    return resources
  }

  /// In a network of its own, low ports and ping need no privilege (Docker 20.10).
  private func sysctls() -> [String: String] {
    guard host.networkMode != .host, !host.networkMode.isContainer else { return host.sysctls }
    let standard = ["net.ipv4.ip_unprivileged_port_start": "0", "net.ipv4.ping_group_range": "0 2147483647"]
    return standard.merging(host.sysctls) { _, own in own }
  }
}
