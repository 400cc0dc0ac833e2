internal import Containers
internal import EngineAPI

/// Everything about one container.
enum InspectTranslation {
  static func response(
    _ record: ContainerRecord, execs: [String], links: [String] = [], paths: ContainerPaths, runtimes: RuntimeTable,
    for version: APIVersion
  ) -> ContainerInspectResponse {
    var response = ContainerInspectResponse()
    response.id = record.id.text
    response.created = record.createdAt.description
    response.path = record.configuration.arguments.first ?? ""
    response.arguments = Array(record.configuration.arguments.dropFirst())
    response.state = state(record.state)
    response.state.health = record.health.map(HealthTranslation.response)
    response.image = record.imageID
    response.resolvConfPath = paths.resolver(record.id)
    response.hostnamePath = paths.hostname(record.id)
    response.hostsPath = paths.hosts(record.id)
    // As Docker has it: of this driver alone, once there is one.
    response.logPath = record.host.logDriver == "json-file" && record.state != .created(nil) ? paths.log(record.id) : ""
    response.name = "/\(record.name)"
    response.restartCount = record.restartCount
    response.platform = "linux"
    response.execIDs = execs.isEmpty ? nil : execs
    response.hostConfig = HostResponse.hostConfig(record.host, runtimes: runtimes)
    response.hostConfig.names.links = links.isEmpty ? nil : links
    response.mounts = MountTranslation.points(record, paths)
    response.config = config(record)
    response.networkSettings = NetworkTranslation.settings(record, for: version)
    return response
  }

  static func driver(_ place: RootfsPlace) -> DriverData {
    var driver = DriverData()
    driver.name = place.driver
    driver.data = place.data
    return driver
  }

  private static func state(_ state: Containers.ContainerState) -> EngineAPI.ContainerState {
    var answer = EngineAPI.ContainerState()
    answer.status = ContainerStatus(rawValue: state.status.rawValue)
    switch state {
    case .created(let failure):
      answer.exitCode = Int(failure?.status ?? 0)
      answer.error = failure?.message ?? ""
    case .running(let running):
      answer.isRunning = true
      answer.isPaused = running.isPaused
      answer.pid = Int(running.pid)
      answer.startedAt = running.startedAt.description
    case .exited(let exit), .restarting(let exit):
      // As Docker has it, what is about to run again is running.
      answer.isRestarting = state.isRestarting
      answer.isRunning = state.isRestarting
      answer.exitCode = Int(exit.status)
      answer.error = exit.error
      answer.isOOMKilled = exit.outOfMemory
      answer.startedAt = exit.startedAt?.description ?? EngineAPI.ContainerState.noTime
      answer.finishedAt = exit.finishedAt.description
    case .removing: break
    case .dead(let reason):
      answer.isDead = true
      answer.error = reason
    }
    return answer
  }

  private static func config(_ record: ContainerRecord) -> ContainerConfig {
    let configuration = record.configuration
    var config = ContainerConfig()
    config.hostname = record.hostname
    config.domainname = configuration.domainname
    config.user = configuration.user
    config.attachStdin = configuration.attachStdin
    config.attachStdout = configuration.attachStdout
    config.attachStderr = configuration.attachStderr
    if !configuration.exposedPorts.isEmpty {
      config.exposedPorts = Dictionary(uniqueKeysWithValues: configuration.exposedPorts.map { ($0, EmptyObject()) })
    }
    if !configuration.volumes.isEmpty {
      config.volumes = Dictionary(uniqueKeysWithValues: configuration.volumes.map { ($0, EmptyObject()) })
    }
    config.tty = configuration.terminal
    config.openStdin = configuration.openStdin
    config.stdinOnce = configuration.stdinOnce
    config.environment = configuration.environment
    config.command = configuration.command.map(StringList.init)
    config.image = record.imageName
    config.workingDirectory = configuration.workingDirectory
    config.entrypoint = configuration.entrypoint.map(StringList.init)
    config.labels = configuration.labels
    config.stopSignal = configuration.stopSignal ?? ""
    config.stopTimeout = configuration.stopTimeout
    config.healthcheck = configuration.healthCheck.map(HealthTranslation.config)
    config.shell = configuration.shell.isEmpty ? nil : StringList(configuration.shell)
    return config
  }
}
