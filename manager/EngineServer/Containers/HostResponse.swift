internal import Containers
internal import EngineAPI

/// A `HostConfig` of the domain's words, for inspect.
enum HostResponse {
  static func hostConfig(_ host: HostConfiguration, runtimes: RuntimeTable) -> HostConfig {
    var config = HostConfig()
    config.binds = host.binds.isEmpty ? nil : host.binds
    config.mounts = host.mounts.map(mount)
    config.tmpfs = host.tmpfs
    config.logConfig.type = host.logDriver
    config.logConfig.config = host.logOptions
    config.networkMode = host.networkMode.rawValue
    config.portBindings = PortTranslation.map(host.portBindings)
    config.restartPolicy.name = host.restartPolicy.kind.rawValue
    config.restartPolicy.maximumRetryCount = host.restartPolicy.maximumRetries
    config.autoRemove = host.autoRemove
    config.initProcess = host.initProcess
    config.publishAllPorts = host.publishAllPorts
    config.consoleSize = host.consoleSize.count == 2 ? host.consoleSize : [0, 0]
    config.annotations = host.annotations
    config.oomScoreAdjustment = Int(host.oomScoreAdjustment ?? 0)
    config.shmSize = host.sharedMemorySize ?? 64 << 20
    config.sysctls = host.sysctls
    config.runtime = host.runtime ?? runtimes.defaultName
    config.groupAdd = host.groups.isEmpty ? nil : host.groups
    setNames(host, of: &config)
    setModes(host, of: &config)
    setConfinement(host, of: &config)
    config.resources = resources(host)
    return config
  }

  private static func setNames(_ host: HostConfiguration, of config: inout HostConfig) {
    config.names.dns = host.dns
    config.names.dnsOptions = host.dnsOptions
    config.names.dnsSearch = host.dnsSearch
    config.names.extraHosts = host.extraHosts.isEmpty ? nil : host.extraHosts
  }

  private static func setModes(_ host: HostConfiguration, of config: inout HostConfig) {
    config.ipcMode = host.ipcMode == .host ? "host" : "private"
    config.pidMode = host.pidMode == .host ? "host" : ""
    config.utsMode = host.utsMode == .host ? "host" : ""
    config.cgroupNamespaceMode = host.cgroupMode == .host ? "host" : "private"
  }

  private static func setConfinement(_ host: HostConfiguration, of config: inout HostConfig) {
    config.capAdd = host.capabilitiesAdded.isEmpty ? nil : StringList(host.capabilitiesAdded)
    config.capDrop = host.capabilitiesDropped.isEmpty ? nil : StringList(host.capabilitiesDropped)
    config.privileged = host.privileged
    config.readonlyRootfs = host.readonlyRootfs
    config.securityOptions = host.securityOptions.isEmpty ? nil : host.securityOptions
    guard !host.privileged else { return }
    config.maskedPaths = host.maskedPaths ?? HostConfiguration.defaultMaskedPaths
    config.readonlyPaths = host.readonlyPaths ?? HostConfiguration.defaultReadonlyPaths
  }

  private static func resources(_ host: HostConfiguration) -> EngineAPI.Resources {
    var resources = ResourceTranslation.response(host.resources)
    resources.cgroupParent = host.cgroupParent ?? ""
    resources.deviceCgroupRules = host.deviceRules.isEmpty ? nil : host.deviceRules
    resources.devices = host.devices.map { device in
      var answer = DeviceMapping()
      answer.pathOnHost = device.hostPath
      answer.pathInContainer = device.containerPath
      answer.cgroupPermissions = device.permissions
      return answer
    }
    return resources
  }

  private static func mount(_ request: MountRequest) -> EngineAPI.Mount {
    var mount = EngineAPI.Mount()
    mount.type = request.kind == .tmpfs ? .tmpfs : .bind
    mount.source = request.source
    mount.target = request.target
    mount.readOnly = request.readOnly
    if request.propagation != nil || !request.recursive || request.createsSource {
      var options = EngineAPI.Mount.BindOptions()
      options.propagation = request.propagation ?? ""
      options.nonRecursive = !request.recursive
      options.createMountpoint = request.createsSource
      mount.bindOptions = options
    }
    if request.size != nil || request.mode != nil {
      var options = EngineAPI.Mount.TmpfsOptions()
      options.sizeBytes = request.size
      options.mode = request.mode
      mount.tmpfsOptions = options
    }
    return mount
  }
}
