internal import Containers
internal import EngineAPI

/// Fields of a create request that mean something and that nobody honours yet: better no container than another one than
/// was asked for. The values that the docker command sends by itself pass.
enum Refusals {
  static func check(_ host: HostConfig) throws(ContainerError) {
    try refuse(!["", "local"].contains(host.volumeDriver), "volume driver \"\(host.volumeDriver)\"")
    try refuse(!host.cgroup.isEmpty, "cgroups of other containers")
    guard ["", "host"].contains(host.userNamespaceMode) else {
      throw .invalid("invalid user namespace mode: \(host.userNamespaceMode)")
    }
    guard ["", "default"].contains(host.isolation) else {
      throw .invalid("Invalid isolation: \(host.isolation.debugDescription) - linux only supports 'default'")
    }
    try check(host.resources)
    for mount in host.mounts { try check(mount) }
  }

  /// What cannot be changed any more, besides what cannot be asked for at all.
  static func check(_ update: ContainerUpdateRequest) throws(ContainerError) {
    let resources = update.resources
    try check(resources)
    let limits = [
      resources.blkioDeviceReadBps, resources.blkioDeviceWriteBps, resources.blkioDeviceReadIOps,
      resources.blkioDeviceWriteIOps,
    ]
    let limitsDevices = !(resources.blkioWeightDevice ?? []).isEmpty || limits.contains { !($0 ?? []).isEmpty }
    try refuse(limitsDevices, "other limits of block devices for a container that exists")
    try refuse(!resources.cgroupParent.isEmpty, "another cgroup parent for a container that exists")
    let hasDevices =
      !(resources.devices ?? []).isEmpty || !(resources.deviceRequests ?? []).isEmpty
      || !(resources.deviceCgroupRules ?? []).isEmpty
    try refuse(hasDevices, "other devices for a container that exists")
    try refuse(!(resources.ulimits ?? []).isEmpty, "other ulimits for a container that exists")
    try refuse((resources.memorySwappiness ?? -1) != -1, "another swappiness for a container that exists")
    try refuse(resources.oomKillDisable == true, "another OOM killer for a container that exists")
  }

  private static func check(_ resources: EngineAPI.Resources) throws(ContainerError) {
    try refuse((resources.kernelMemory ?? 0) > 0, "limits of kernel memory")
    try refuse((resources.kernelMemoryTCP ?? 0) > 0, "limits of TCP memory")
    try refuse(resources.cpuCount != 0 || resources.cpuPercent != 0, "CPU counts and percentages")
    try refuse(resources.ioMaximumIOps != 0 || resources.ioMaximumBandwidth != 0, "limits of the system drive")
  }

  private static let known: Set<String> = ["bind", "volume", "tmpfs", "image", "npipe", "cluster"]

  private static func check(_ mount: EngineAPI.Mount) throws(ContainerError) {
    guard known.contains(mount.type.rawValue) else {
      throw .invalid("invalid mount config for type \"\(mount.type.rawValue)\": mount type unknown")
    }
    try refuse(
      ![.bind, .volume, .tmpfs, .image].contains(mount.type),
      "mounts of type \"\(mount.type.rawValue)\"; bind, volume, tmpfs and image are")
    let extra = [
      ("BindOptions", mount.bindOptions != nil && mount.type != .bind),
      ("VolumeOptions", mount.volumeOptions != nil && mount.type != .volume),
      ("ImageOptions", mount.imageOptions != nil && mount.type != .image),
      ("TmpfsOptions", mount.tmpfsOptions != nil && mount.type != .tmpfs),
    ]
    if let (field, _) = extra.first(where: \.1) {
      throw .invalid("invalid mount config for type \"\(mount.type.rawValue)\": field \(field) must not be specified")
    }
    if let options = mount.volumeOptions {
      try refuse(
        !["", "local"].contains(options.driverConfig?.name ?? ""),
        "volume driver \"\(options.driverConfig?.name ?? "")\"")
    }
  }

  static func check(_ settings: EndpointSettings) throws(ContainerError) {
    try refuse(!(settings.ipam?.linkLocalIPs ?? []).isEmpty, "link-local addresses")
  }

  private static func refuse(_ isMeant: Bool, _ what: @autoclosure () -> String) throws(ContainerError) {
    if isMeant { throw .unsupported(what()) }
  }
}
