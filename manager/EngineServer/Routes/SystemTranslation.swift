internal import EngineAPI

/// What the engine says of itself, in the API's words.
enum SystemTranslation {
  static func version(_ build: EngineBuild) -> SystemVersion {
    var version = SystemVersion()
    version.platform.name = "Proa"
    version.version = build.version
    version.gitCommit = build.commit
    version.buildTime = build.time
    version.apiVersion = APIVersion.current.description
    version.minimumAPIVersion = APIVersion.minimum.description
    version.os = "linux"
    version.architecture = SystemArchitecture.name
    version.kernelVersion = build.kernelVersion
    var component = SystemVersion.Component()
    component.name = "Engine"
    component.version = build.version
    component.details = [
      "ApiVersion": version.apiVersion, "MinAPIVersion": version.minimumAPIVersion, "Os": version.os,
      "Arch": version.architecture, "KernelVersion": version.kernelVersion, "Experimental": "false",
      "GitCommit": version.gitCommit, "BuildTime": version.buildTime,
    ].filter { !$0.value.isEmpty }
    version.components = [component]
    return version
  }

  static func info(_ facts: SystemFacts, _ build: EngineBuild) -> SystemInfo {
    var info = SystemInfo()
    info.id = facts.id
    info.containers.total = facts.containers.total
    info.containers.running = facts.containers.running
    info.containers.paused = facts.containers.paused
    info.containers.stopped = facts.containers.total - facts.containers.running - facts.containers.paused
    info.images = facts.images
    info.activity.eventListeners = facts.eventListeners
    info.driver = facts.storageDriver
    info.driverStatus = facts.storageStatus
    info.plugins.log = facts.logDrivers
    info.plugins.network = facts.networkDrivers
    info.plugins.volume = ["local"]
    info.registryConfig = SystemInfo.RegistryServiceConfig.empty
    info.registryConfig?.mirrors = facts.registries.mirrors
    info.loggingDriver = facts.defaultLogDriver
    info.defaultRuntime = facts.defaultRuntime
    info.cdiSpecDirectories = facts.deviceFolders
    info.initBinary = "docker-init"
    for (name, path) in facts.runtimes { info.runtimes[name, default: .init()].path = path }
    info.liveRestoreEnabled = true
    info.rootDirectory = facts.dataRoot
    info.serverVersion = build.version
    info.securityOptions = facts.securityOptions
    info.warnings = facts.warnings
    info.systemTime = facts.time
    info.cgroupDriver = "cgroupfs"
    info.cgroupVersion = "\(facts.host.cgroupVersion)"
    info.host = host(facts.host, build)
    info.host.httpProxy = facts.registries.httpProxy
    info.host.httpsProxy = facts.registries.httpsProxy
    info.host.noProxy = facts.registries.noProxy
    info.support = support(facts.host)
    return info
  }

  private static func host(_ facts: SystemFacts.Host, _ build: EngineBuild) -> SystemInfo.Host {
    var host = SystemInfo.Host()
    host.name = facts.name
    host.kernelVersion = build.kernelVersion
    host.operatingSystem = facts.operatingSystem
    host.osVersion = facts.systemVersion
    host.osType = "linux"
    host.architecture = facts.architecture
    host.processors = facts.processors
    host.memoryTotal = facts.memory
    return host
  }

  private static func support(_ host: SystemFacts.Host) -> SystemInfo.Support {
    var support = SystemInfo.Support()
    support.ipv4Forwarding = host.forwardsIPv4
    let (hasMemory, hasCPU) = (host.controllers.contains("memory"), host.controllers.contains("cpu"))
    (support.memoryLimit, support.swapLimit) = (hasMemory, hasMemory && host.countsSwap)
    (support.cpuCFSPeriod, support.cpuCFSQuota, support.cpuShares) = (hasCPU, hasCPU, hasCPU)
    support.cpuSet = host.controllers.contains("cpuset")
    support.pidsLimit = host.controllers.contains("pids")
    support.oomKillDisable = hasMemory && host.cgroupVersion == 1
    return support
  }
}
