internal import Containers
internal import EngineAPI
internal import EngineServer
internal import Images
internal import LinuxKernel
internal import Metadata

/// `GET /version` and `GET /info`.
struct SystemInformation: SystemBackend {
  let configuration: DaemonConfiguration
  let containers: ContainerService
  let images: ImageService
  let database: Metadata.Database
  let identity: Identity
  let problems: StartProblems

  func version() async throws -> SystemVersion {
    var version = SystemVersion()
    version.platform.name = "Proa"
    version.version = Version.text
    version.gitCommit = Version.commit
    version.buildTime = Version.builtAt
    version.apiVersion = APIVersion.current.description
    version.minimumAPIVersion = APIVersion.minimum.description
    version.os = "linux"
    version.architecture = SystemArchitecture.name
    version.kernelVersion = HostFacts.kernelVersion
    var component = SystemVersion.Component()
    component.name = "Engine"
    component.version = Version.text
    component.details = [
      "ApiVersion": version.apiVersion, "MinAPIVersion": version.minimumAPIVersion, "Os": version.os,
      "Arch": version.architecture, "KernelVersion": version.kernelVersion, "Experimental": "false",
      "GitCommit": version.gitCommit, "BuildTime": version.buildTime,
    ].filter { !$0.value.isEmpty }
    version.components = [component]
    return version
  }

  func info() async throws -> SystemInfo {
    var info = SystemInfo()
    let counts = containers.counts()
    info.containers = counts.values.reduce(0, +)
    info.containersRunning = counts[.running] ?? 0
    info.containersPaused = counts[.paused] ?? 0
    info.containersStopped = info.containers - info.containersRunning - info.containersPaused
    info.images = await images.list().count
    info.driver = containers.storageDriver
    info.plugins.log = ["json-file", "none"]
    info.plugins.network = ["bridge", "host", "none"]
    info.loggingDriver = HostConfiguration.defaultLogDriver
    info.defaultRuntime = configuration.runtimes.defaultName
    for (name, path) in configuration.runtimes.paths { info.runtimes[name, default: .init()].path = path }
    info.liveRestoreEnabled = true
    info.rootDirectory = configuration.paths.dataRoot
    info.serverVersion = Version.text
    info.securityOptions = ["name=seccomp,profile=builtin"]
    let records = try await database.quarantined().map { row in
      "\(row.what.kind.rawValue) \(row.what.key) could not be read and was set aside: \(row.what.reason)"
    }
    info.warnings = records + problems.all
    addHost(to: &info)
    return info
  }

  private func addHost(to info: inout SystemInfo) {
    info.id = identity.engine
    info.name = HostFacts.hostname
    info.kernelVersion = HostFacts.kernelVersion
    info.operatingSystem = HostFacts.operatingSystem
    info.osType = "linux"
    info.architecture = HostFacts.architecture
    info.processors = Machine.processors
    info.memoryTotal = Machine.memory
    info.cgroupDriver = "cgroupfs"
    info.cgroupVersion = "\(HostFacts.cgroupVersion)"
    info.ipv4Forwarding = HostFacts.forwardsIPv4
    info.memoryLimit = true
    info.swapLimit = true
    info.cpuCFSPeriod = true
    info.cpuCFSQuota = true
    info.cpuShares = true
    info.cpuSet = true
    info.pidsLimit = true
    info.oomKillDisable = HostFacts.cgroupVersion == 1
    info.systemTime = Timestamp.now().description
  }
}
