internal import Containers
internal import EngineAPI

/// `HostConfig` in the domain's words.
enum HostTranslation {
  static func host(_ config: HostConfig) throws -> HostConfiguration {
    var host = HostConfiguration()
    host.binds = config.binds ?? []
    host.mounts = config.mounts.map(mount)
    host.volumesFrom = config.volumesFrom ?? []
    host.tmpfs = config.tmpfs
    try setModes(config, of: &host)
    host.portBindings = try PortTranslation.bindings(config.portBindings ?? [:])
    host.publishAllPorts = config.publishAllPorts
    setConfinement(config, of: &host)
    host.devices = (config.resources.devices ?? []).map(device)
    host.driverDevices = (config.resources.deviceRequests ?? []).map(driverDevices)
    host.deviceRules = config.resources.deviceCgroupRules ?? []
    host.resources = ResourceTranslation.resources(config.resources)
    host.sharedMemorySize = config.shmSize == 0 ? nil : config.shmSize
    host.sysctls = config.sysctls
    host.extraHosts = config.names.extraHosts ?? []
    // Those of other networks are their endpoints' matter.
    if host.networkMode == .bridge { host.links = try (config.names.links ?? []).map(LegacyLink.init(docker:)) }
    host.dns = (config.names.dns ?? []).filter { !$0.isEmpty }
    host.dnsSearch = config.names.dnsSearch ?? []
    host.dnsOptions = config.names.dnsOptions ?? []
    host.groups = config.groupAdd ?? []
    host.oomScoreAdjustment = Int32(exactly: config.oomScoreAdjustment) ?? .max
    host.initProcess = config.initProcess
    host.autoRemove = config.autoRemove
    host.restartPolicy = try policy(config.restartPolicy)
    host.logDriver = config.logConfig.type
    host.logOptions = config.logConfig.config ?? [:]
    host.containerIDFile = config.containerIDFile
    host.hasHostUsers = config.userNamespaceMode == "host"
    host.runtime = config.runtime.isEmpty ? nil : config.runtime
    host.cgroupParent = config.resources.cgroupParent.isEmpty ? nil : config.resources.cgroupParent
    host.annotations = config.annotations
    host.storageOptions = config.storageOptions
    host.consoleSize = config.consoleSize ?? []
    return host
  }

  static func policy(_ policy: EngineAPI.RestartPolicy) throws(ContainerError) -> Containers.RestartPolicy {
    try Containers.RestartPolicy(docker: policy.name, maximumRetries: policy.maximumRetryCount)
  }

  private static func setModes(_ config: HostConfig, of host: inout HostConfiguration) throws {
    host.networkMode = try NetworkMode(docker: config.networkMode)
    host.pidMode = try NamespaceMode(docker: config.pidMode, of: "PID", maybeContainers: true)
    host.ipcMode = try IPCMode(docker: config.ipcMode)
    host.utsMode = try NamespaceMode(docker: config.utsMode, of: "UTS")
    if !config.cgroupNamespaceMode.isEmpty {
      host.cgroupMode = try NamespaceMode(docker: config.cgroupNamespaceMode, of: "cgroup namespace")
    }
  }

  private static func setConfinement(_ config: HostConfig, of host: inout HostConfiguration) {
    host.capabilitiesAdded = config.capAdd?.elements ?? []
    host.capabilitiesDropped = config.capDrop?.elements ?? []
    host.privileged = config.privileged
    host.readonlyRootfs = config.readonlyRootfs
    host.securityOptions = config.securityOptions ?? []
    host.maskedPaths = config.maskedPaths
    host.readonlyPaths = config.readonlyPaths
  }

  private static func mount(_ mount: EngineAPI.Mount) -> MountRequest {
    var request = MountRequest()
    request.kind = MountRequest.Kind(rawValue: mount.type.rawValue) ?? .bind
    request.source = mount.source
    request.target = mount.target
    request.readOnly = mount.readOnly
    request.idMap = mount.idMap
    if let options = mount.bindOptions {
      request.propagation = options.propagation.isEmpty ? nil : options.propagation
      request.recursive = !options.nonRecursive
      request.createsSource = options.createMountpoint
      request.readOnlyNonRecursive = options.readOnlyNonRecursive
      request.readOnlyForceRecursive = options.readOnlyForceRecursive
    }
    request.options = (mount.tmpfsOptions?.options ?? []).map { $0.joined(separator: "=") }
    if let options = mount.volumeOptions {
      (request.copies, request.labels) = (!options.noCopy, options.labels)
      (request.driverOptions, request.subpath) = (options.driverConfig?.options ?? [:], options.subpath)
    }
    if let options = mount.imageOptions { request.subpath = options.subpath }
    request.size = mount.tmpfsOptions?.sizeBytes
    request.mode = mount.tmpfsOptions?.mode
    return request
  }

  private static func driverDevices(_ request: EngineAPI.DeviceRequest) -> DriverDeviceRequest {
    var devices = DriverDeviceRequest()
    devices.driver = request.driver
    devices.count = request.count
    devices.deviceIDs = request.deviceIDs ?? []
    devices.capabilities = request.capabilities ?? []
    devices.options = request.options ?? [:]
    return devices
  }

  private static func device(_ device: DeviceMapping) -> Containers.DeviceRequest {
    Containers.DeviceRequest(
      hostPath: device.pathOnHost,
      containerPath: device.pathInContainer.isEmpty ? device.pathOnHost : device.pathInContainer,
      permissions: device.cgroupPermissions.isEmpty ? "rwm" : device.cgroupPermissions)
  }
}

enum ResourceTranslation {
  /// Docker says 0 (and for the number of processes also -1) where nothing was asked.
  static func resources(_ asked: EngineAPI.Resources) -> Containers.Resources {
    var resources = Containers.Resources()
    resources.memory = given(asked.memory)
    resources.memorySwap = given(asked.memorySwap)
    resources.memoryReservation = given(asked.memoryReservation)
    resources.memorySwappiness = asked.memorySwappiness.flatMap { $0 == -1 ? nil : $0 }
    resources.oomKillDisable = asked.oomKillDisable ?? false
    resources.nanoCPUs = given(asked.nanoCPUs)
    resources.cpuShares = given(asked.cpuShares)
    resources.cpuQuota = given(asked.cpuQuota)
    resources.cpuPeriod = given(asked.cpuPeriod)
    resources.cpuRealtimePeriod = given(asked.cpuRealtimePeriod)
    resources.cpuRealtimeRuntime = given(asked.cpuRealtimeRuntime)
    resources.cpusetCPUs = asked.cpusetCPUs
    resources.cpusetMemories = asked.cpusetMems
    resources.blockIO = blockIO(asked)
    resources.pids = asked.pidsLimit.flatMap { $0 <= 0 ? nil : $0 }
    resources.ulimits = (asked.ulimits ?? []).map {
      Containers.Ulimit(name: $0.name, soft: $0.soft, hard: $0.hard)
    }
    return resources
  }

  private static func blockIO(_ asked: EngineAPI.Resources) -> BlockIO {
    func rates(_ devices: [ThrottleDevice]?) -> [BlockIO.Device] {
      (devices ?? []).map { BlockIO.Device(path: $0.path, value: $0.rate) }
    }
    var blockIO = BlockIO()
    blockIO.weight = asked.blkioWeight == 0 ? nil : asked.blkioWeight
    blockIO.weights = (asked.blkioWeightDevice ?? []).map { BlockIO.Device(path: $0.path, value: UInt64($0.weight)) }
    blockIO.readBytes = rates(asked.blkioDeviceReadBps)
    blockIO.writeBytes = rates(asked.blkioDeviceWriteBps)
    blockIO.readOperations = rates(asked.blkioDeviceReadIOps)
    blockIO.writeOperations = rates(asked.blkioDeviceWriteIOps)
    return blockIO
  }

  private static func given(_ value: Int64) -> Int64? { value == 0 ? nil : value }

  /// The way back, for inspect.
  static func response(_ resources: Containers.Resources) -> EngineAPI.Resources {
    var answer = EngineAPI.Resources()
    answer.memory = resources.memory ?? 0
    answer.memorySwap = resources.effectiveMemorySwap ?? 0
    answer.memoryReservation = resources.memoryReservation ?? 0
    answer.memorySwappiness = resources.memorySwappiness
    answer.oomKillDisable = resources.oomKillDisable
    answer.nanoCPUs = resources.nanoCPUs ?? 0
    answer.cpuShares = resources.cpuShares ?? 0
    answer.cpuQuota = resources.cpuQuota ?? 0
    answer.cpuPeriod = resources.cpuPeriod ?? 0
    answer.cpuRealtimePeriod = resources.cpuRealtimePeriod ?? 0
    answer.cpuRealtimeRuntime = resources.cpuRealtimeRuntime ?? 0
    answer.cpusetCPUs = resources.cpusetCPUs
    answer.cpusetMems = resources.cpusetMemories
    answer.pidsLimit = resources.pids
    answer.set(resources.blockIO)
    answer.ulimits = resources.ulimits.map { limit in
      var answer = EngineAPI.Ulimit()
      answer.name = limit.name
      answer.soft = limit.soft
      answer.hard = limit.hard
      return answer
    }
    return answer
  }
}

extension EngineAPI.Resources {
  fileprivate mutating func set(_ blockIO: BlockIO) {
    func rates(_ devices: [BlockIO.Device]) -> [ThrottleDevice]? {
      devices.isEmpty
        ? nil
        : devices.map { device in
          var rate = ThrottleDevice()
          (rate.path, rate.rate) = (device.path, device.value)
          return rate
        }
    }
    blkioWeight = blockIO.weight ?? 0
    blkioWeightDevice = blockIO.weights.map { device in
      var weight = WeightDevice()
      (weight.path, weight.weight) = (device.path, UInt16(clamping: device.value))
      return weight
    }
    if blkioWeightDevice?.isEmpty == true { blkioWeightDevice = nil }
    blkioDeviceReadBps = rates(blockIO.readBytes)
    blkioDeviceWriteBps = rates(blockIO.writeBytes)
    blkioDeviceReadIOps = rates(blockIO.readOperations)
    blkioDeviceWriteIOps = rates(blockIO.writeOperations)
  }
}
