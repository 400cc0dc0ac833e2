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
    config.networkMode = host.networkMode.text
    config.portBindings = PortTranslation.map(host.portBindings)
    config.restartPolicy.name = host.restartPolicy.kind.rawValue
    config.restartPolicy.maximumRetryCount = host.restartPolicy.maximumRetries
    config.autoRemove = host.autoRemove
    config.initProcess = host.initProcess
    config.publishAllPorts = host.publishAllPorts
    config.volumesFrom = host.volumesFrom.isEmpty ? nil : host.volumesFrom
    config.consoleSize = host.consoleSize.count == 2 ? host.consoleSize : [0, 0]
    config.containerIDFile = host.containerIDFile
    config.annotations = host.annotations
    config.storageOptions = host.storageOptions
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
    config.ipcMode = host.ipcMode.text
    switch host.pidMode {
    case .isolated: config.pidMode = ""
    case .host: config.pidMode = "host"
    case .container(let id): config.pidMode = ContainerReference.text(id)
    }
    config.userNamespaceMode = host.hasHostUsers ? "host" : ""
    config.utsMode = host.utsMode == .host ? "host" : ""
    config.cgroupNamespaceMode = (host.cgroupMode ?? .isolated).text
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
    if !host.driverDevices.isEmpty { resources.deviceRequests = host.driverDevices.map(driverDevices) }
    resources.devices = host.devices.map { device in
      var answer = DeviceMapping()
      answer.pathOnHost = device.hostPath
      answer.pathInContainer = device.containerPath
      answer.cgroupPermissions = device.permissions
      return answer
    }
    return resources
  }

  /// As in Docker, what is empty is `null`.
  private static func driverDevices(_ devices: DriverDeviceRequest) -> EngineAPI.DeviceRequest {
    var request = EngineAPI.DeviceRequest()
    request.driver = devices.driver
    request.count = devices.count
    request.deviceIDs = devices.deviceIDs.isEmpty ? nil : devices.deviceIDs
    request.capabilities = devices.capabilities.isEmpty ? nil : devices.capabilities
    request.options = devices.options.isEmpty ? nil : devices.options
    return request
  }

  private static func mount(_ request: MountRequest) -> EngineAPI.Mount {
    var mount = EngineAPI.Mount()
    mount.type = MountType(rawValue: request.kind.rawValue)
    mount.source = request.source
    mount.target = request.target
    mount.readOnly = request.readOnly
    mount.idMap = request.idMap
    let isSpecial = !request.recursive || request.readOnlyNonRecursive || request.readOnlyForceRecursive
    if request.propagation != nil || request.createsSource || isSpecial {
      var options = EngineAPI.Mount.BindOptions()
      options.propagation = request.propagation ?? ""
      options.nonRecursive = !request.recursive
      options.createMountpoint = request.createsSource
      options.readOnlyNonRecursive = request.readOnlyNonRecursive
      options.readOnlyForceRecursive = request.readOnlyForceRecursive
      mount.bindOptions = options
    }
    if request.kind == .image {
      mount.imageOptions = imageOptions(request)
    } else {
      mount.volumeOptions = volumeOptions(request)
    }
    if request.size != nil || request.mode != nil || !request.options.isEmpty {
      var options = EngineAPI.Mount.TmpfsOptions()
      options.sizeBytes = request.size
      options.mode = request.mode
      options.options = request.options.map { option in
        option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      }
      mount.tmpfsOptions = options
    }
    return mount
  }

  /// `nil` if there is nothing to say.
  private static func imageOptions(_ request: MountRequest) -> EngineAPI.Mount.ImageOptions? {
    guard !request.subpath.isEmpty else { return nil }
    var options = EngineAPI.Mount.ImageOptions()
    options.subpath = request.subpath
    return options
  }

  /// The same.
  private static func volumeOptions(_ request: MountRequest) -> EngineAPI.Mount.VolumeOptions? {
    var options = EngineAPI.Mount.VolumeOptions()
    (options.noCopy, options.labels, options.subpath) = (!request.copies, request.labels, request.subpath)
    if !request.driverOptions.isEmpty {
      var driver = EngineAPI.Mount.VolumeDriver()
      (driver.name, driver.options) = ("local", request.driverOptions)
      options.driverConfig = driver
    }
    return options == EngineAPI.Mount.VolumeOptions() ? nil : options
  }
}
