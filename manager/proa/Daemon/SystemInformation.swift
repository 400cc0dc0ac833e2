internal import Containers
internal import EngineServer
internal import Events
internal import Images
internal import LinuxKernel
internal import Metadata

/// What `GET /version` and `GET /info` tell.
struct SystemInformation: SystemBackend {
  let configuration: DaemonConfiguration
  let containers: ContainerService
  let images: ImageService
  let database: Metadata.Database
  let identity: Identity
  let events: EventLog
  let problems: UnreadableThings

  var build: EngineBuild {
    EngineBuild(
      version: Version.text, commit: Version.commit, time: Version.builtAt, kernelVersion: HostFacts.kernelVersion)
  }

  func facts() async throws -> SystemFacts {
    var facts = SystemFacts()
    facts.id = identity.engine
    let counts = containers.counts()
    facts.containers = (counts.values.reduce(0, +), counts[.running] ?? 0, counts[.paused] ?? 0)
    facts.eventListeners = events.listenerCount
    facts.images = await images.list().count
    facts.storageDriver = containers.storageDriver
    facts.storageStatus = try await containers.storageStatus()
    facts.logDrivers = LogDrivers.names
    facts.networkDrivers = ["bridge", "host", "none"]
    facts.defaultLogDriver = configuration.logDefaults.driver
    facts.runtimes = configuration.runtimes.paths
    facts.defaultRuntime = configuration.runtimes.defaultName
    facts.deviceFolders = configuration.deviceFolders
    facts.registries = registries
    facts.dataRoot = configuration.paths.dataRoot
    facts.securityOptions = ["name=seccomp,profile=builtin"]
    let records = try await database.quarantined().map { row in
      "\(row.what.kind.rawValue) \(row.what.key) could not be read and was set aside: \(row.what.reason)"
    }
    facts.warnings = records + problems.all
    facts.host = host
    facts.time = Timestamp.now().description
    return facts
  }

  private var registries: SystemFacts.Registries {
    var registries = SystemFacts.Registries()
    registries.mirrors = configuration.registries.mirrorTexts
    let proxies = configuration.proxies.texts
    (registries.httpProxy, registries.httpsProxy, registries.noProxy) = (proxies.http, proxies.https, proxies.none)
    return registries
  }

  private var host: SystemFacts.Host {
    var host = SystemFacts.Host()
    host.name = HostFacts.hostname
    host.operatingSystem = HostFacts.release("PRETTY_NAME") ?? "Linux"
    host.systemVersion = HostFacts.release("VERSION_ID") ?? ""
    host.architecture = HostFacts.architecture
    host.processors = Machine.processors
    host.memory = Machine.memory
    host.cgroupVersion = HostFacts.cgroupVersion
    host.controllers = HostFacts.controllers
    host.countsSwap = HostFacts.countsSwap
    host.forwardsIPv4 = HostFacts.forwardsIPv4
    return host
  }
}
