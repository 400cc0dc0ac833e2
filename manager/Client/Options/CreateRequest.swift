internal import EngineAPI

/// Makes the body of a create request from a command line.
struct CreateRequest {
  let process: ProcessOptions
  let container: ContainerOptions
  let resources: ResourceOptions
  let network: NetworkOptions
  let image: String
  let command: [String]
  let detaches: Bool

  func build() throws -> ContainerCreateRequest {
    try checkAttached()
    var request = ContainerCreateRequest()
    let (exposed, bindings) = try network.ports()
    request.config = try config(exposed)
    var host = try hostConfig()
    host.portBindings = bindings
    request.hostConfig = host
    request.networkingConfig = network.networking()
    return request
  }

  /// The streams that the client attaches to: those asked for, else output and errors, and input if it is kept open.
  var attached: (input: Bool, output: Bool, errors: Bool) {
    if detaches { return (false, false, false) }
    guard !container.attach.isEmpty else { return (process.interactive, true, true) }
    let names = Set(container.attach.map { $0.lowercased() })
    return (names.contains("stdin"), names.contains("stdout"), names.contains("stderr"))
  }

  private func checkAttached() throws(ClientError) {
    for name in container.attach where !["stdin", "stdout", "stderr"].contains(name.lowercased()) {
      throw .usage(
        "invalid argument \"\(name)\" for \"-a, --attach\" flag: valid streams are STDIN, STDOUT and STDERR")
    }
    guard container.attach.isEmpty || !detaches else {
      throw .usage("conflicting options: cannot specify both --attach and --detach")
    }
  }

  private func config(_ exposed: PortSet) throws -> ContainerConfig {
    var config = ContainerConfig()
    config.hostname = network.hostname
    config.domainname = network.domainname
    config.user = process.user
    (config.attachStdin, config.attachStdout, config.attachStderr) = attached
    config.exposedPorts = exposed.isEmpty ? nil : exposed
    config.tty = process.tty
    config.openStdin = process.interactive
    config.stdinOnce = process.interactive && attached.input
    let environment = try process.environment()
    config.environment = environment.isEmpty ? nil : environment
    config.command = command.isEmpty ? nil : StringList(command)
    config.image = image
    config.workingDirectory = process.workingDirectory
    config.entrypoint = container.entrypoint.map { StringList([$0]) }
    config.labels = try labels()
    config.stopSignal = container.stopSignal
    config.stopTimeout = container.stopTimeout
    config.healthcheck = try container.health.healthConfig()
    config.volumes = Dictionary(
      container.volume.filter { !$0.contains(":") }.map { ($0, EmptyObject()) }, uniquingKeysWith: { first, _ in first }
    )
    return config
  }

  private func hostConfig() throws -> HostConfig {
    var host = HostConfig()
    let binds = container.volume.filter { $0.contains(":") }
    host.binds = binds.isEmpty ? nil : binds
    host.logConfig.type = container.logDriver
    host.logConfig.config = Self.pairs(container.logOpt)
    host.networkMode = network.network
    host.restartPolicy = try RestartPolicy(commandLine: container.restart)
    host.autoRemove = container.remove
    guard !container.remove || ["no", ""].contains(host.restartPolicy.name) else {
      throw ClientError.usage("conflicting options: cannot specify both --restart and --rm")
    }
    host.volumeDriver = container.volumeDriver
    host.volumesFrom = Self.list(container.volumesFrom)
    host.consoleSize = consoleSize
    host.annotations = Self.pairs(container.annotation)
    host.capAdd = Self.list(container.capAdd).map { StringList($0) }
    host.capDrop = Self.list(container.capDrop).map { StringList($0) }
    host.groupAdd = Self.list(container.groupAdd)
    setNamespaces(&host)
    setNames(&host)
    host.oomScoreAdjustment = resources.oomScoreAdj
    host.privileged = process.privileged
    host.readonlyRootfs = container.readOnly
    try setSecurity(&host)
    host.storageOptions = Self.pairs(container.storageOpt)
    host.tmpfs = Self.pairs(container.tmpfs, separator: ":")
    host.shmSize = try resources.shmBytes()
    host.sysctls = Self.pairs(container.sysctl)
    host.runtime = container.runtime
    host.resources = try resources.resources()
    host.mounts = try container.mount.map { try MountSyntax.parse($0) }
    host.initProcess = container.initProcess ? true : nil
    return host
  }

  private func setNamespaces(_ host: inout HostConfig) {
    host.cgroupNamespaceMode = container.cgroupNamespace
    host.ipcMode = container.ipc
    host.pidMode = container.pid
    host.utsMode = container.uts
    host.userNamespaceMode = container.userns
  }

  private func setNames(_ host: inout HostConfig) {
    host.names.dns = network.dns
    host.names.dnsOptions = network.dnsOption
    host.names.dnsSearch = network.dnsSearch
    host.names.extraHosts = Self.list(network.addHost)
    host.names.links = Self.list(network.link)
    host.publishAllPorts = network.publishAll
  }

  /// Profiles are files of the client; their content goes to the daemon.
  private func setSecurity(_ host: inout HostConfig) throws {
    let options = try container.securityOpt.map { option -> String in
      let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, parts[0] == "seccomp", !["unconfined", "builtin"].contains(parts[1]) else {
        return option
      }
      return "seccomp=" + (try ProcessOptions.text(parts[1]))
    }
    if options.contains("systempaths=unconfined") {
      host.maskedPaths = []
      host.readonlyPaths = []
    }
    host.securityOptions = Self.list(options.filter { $0 != "systempaths=unconfined" })
  }

  private var consoleSize: [UInt16] {
    guard process.tty, let size = RawTerminal.size else { return [0, 0] }
    return [size.rows, size.columns]
  }

  private func labels() throws -> [String: String] {
    var labels: [String: String] = [:]
    for path in container.labelFile {
      labels.merge(Self.pairs(try EnvironmentFile.parse(ProcessOptions.text(path), path: path))) { $1 }
    }
    labels.merge(Self.pairs(container.label)) { $1 }
    return labels
  }

  private static func list(_ values: [String]) -> [String]? { values.isEmpty ? nil : values }

  private static func pairs(_ values: [String], separator: Character = "=") -> [String: String] {
    let pairs = values.map { value in
      let parts = value.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }
    return Dictionary(pairs, uniquingKeysWith: { $1 })
  }
}
