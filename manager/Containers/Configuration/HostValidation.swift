extension HostConfiguration {
  /// Everything that can be judged without the container's root file system, so that a bad request fails before
  /// anything is made.
  public func validate() throws(ContainerError) {
    try resources.validate()
    for mount in try allMounts() { try mount.validate() }
    for path in tmpfs.keys where !path.hasPrefix("/") {
      throw .invalid("invalid tmpfs mount: '\(path)' must be absolute")
    }
    _ = try CapabilitySet.effective(for: self)
    _ = try SecurityOptions(securityOptions, privileged: privileged)
    _ = try deviceRules.map(DeviceRules.parse)
    for (host, address) in try extraHosts.map(HostsFile.parse) where address.isEmpty || host.isEmpty {
      throw .invalid("invalid extra host: \"\(host):\(address)\"")
    }
    try validateRest()
  }

  private func validateRest() throws(ContainerError) {
    if let sharedMemorySize, sharedMemorySize < 0 { throw .invalid("SHM size can not be less than 0") }
    if let oomScoreAdjustment, !(-1000...1000).contains(oomScoreAdjustment) {
      throw .invalid("Invalid value \(oomScoreAdjustment), range for oom score adj is [-1000, 1000]")
    }
    guard ["json-file", "none"].contains(logDriver) else {
      throw .unsupported("log driver \"\(logDriver)\"; json-file and none are")
    }
    guard networkMode == .bridge || portBindings.isEmpty || networkMode == .host else {
      throw .invalid("conflicting options: port publishing and the container type network mode")
    }
    if networkMode == .host, sysctls.keys.contains(where: { $0.hasPrefix("net.") }) {
      throw .invalid("sysctls of the net namespace cannot be set on the host's network")
    }
    if let cgroupParent, !cgroupParent.hasPrefix("/") || cgroupParent.contains("..") {
      throw .unsupported("cgroup parent \"\(cgroupParent)\": only absolute paths are")
    }
  }

  /// `-v` and `--mount` together.
  /// - Throws: ``ContainerError/invalid(_:)`` for two mounts on one path, too.
  func allMounts() throws(ContainerError) -> [MountRequest] {
    var all: [MountRequest] = []
    for bind in binds { all.append(try MountRequest(bind: bind)) }
    all += mounts
    var targets = Set(tmpfs.keys.map(PathCleaning.clean))
    for mount in all where !targets.insert(PathCleaning.clean(mount.target)).inserted {
      throw .invalid("Duplicate mount point: \(mount.target)")
    }
    return all
  }
}
