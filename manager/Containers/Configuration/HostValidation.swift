extension HostConfiguration {
  /// Everything that can be judged without the container's root file system, so that a bad request fails before
  /// anything is made.
  public func validate(on machine: MachineLimits) throws(ContainerError) {
    try resources.validate()
    try resources.validate(on: machine)
    for mount in try allMounts() {
      try mount.validate()
      guard machine.locksTrees || !mount.readOnlyForceRecursive else {
        throw .invalid("recursive read-only mounts need Linux 5.12 or later")
      }
      guard machine.locksTrees || mount.idMap.isEmpty else {
        throw .invalid("id-mapped mounts need Linux 5.12 or later")
      }
    }
    for (_, options) in tmpfs { _ = try TmpfsOptions.merged(options) }
    for path in tmpfs.keys where !path.hasPrefix("/") {
      throw .invalid("invalid mount path: '\(path)' mount path must be absolute")
    }
    _ = try CapabilitySet.effective(for: self, available: machine.capabilities)
    let security = try SecurityOptions(securityOptions, privileged: privileged)
    if let profile = security.appArmor, !machine.hasAppArmor {
      throw .unsupported("AppArmor profile \"\(profile)\": this machine has no AppArmor")
    }
    _ = try deviceRules.map(DeviceRules.parse)
    _ = try extraHosts.map(HostsFile.parse)
    try validateRest()
  }

  private func validateRest() throws(ContainerError) {
    if autoRemove, restartPolicy.kind != .no {
      throw .invalid("can't create 'AutoRemove' container with restart policy")
    }
    if let sharedMemorySize, sharedMemorySize < 0 { throw .invalid("SHM size can not be less than 0") }
    if let oomScoreAdjustment, !(-1000...1000).contains(oomScoreAdjustment) {
      throw .invalid("Invalid value \(oomScoreAdjustment), range for oom score adj is [-1000, 1000]")
    }
    if networkMode == .host, sysctls.keys.contains(where: { $0.hasPrefix("net.") }) {
      throw .invalid("sysctls of the net namespace cannot be set on the host's network")
    }
    if annotations[""] != nil {
      throw .invalid("invalid Annotations: the empty string is not permitted as an annotation key")
    }
    _ = try sizeLimit()
    if let cgroupParent, cgroupParent.split(separator: "/").contains("..") {
      throw .invalid("invalid cgroup parent \"\(cgroupParent)\": it leads out of itself")
    }
  }

  /// How many bytes the container may write; `nil`: as many as there are.
  func sizeLimit() throws(ContainerError) -> UInt64? {
    if let other = storageOptions.keys.sorted().first(where: { $0.lowercased() != "size" }) {
      throw .failed("Unknown option \(other)")
    }
    guard let text = storageOptions.values.first else { return nil }
    let size = try SizeOption.binary(text)
    return size == 0 ? nil : UInt64(size)
  }

  /// What is accepted, and not as it was meant.
  var warnings: [String] {
    var warnings: [String] = []
    if networkMode == .host, !portBindings.isEmpty {
      warnings.append("Published ports are discarded when using host network mode")
    }
    if resources.oomKillDisable, resources.memory == nil {
      warnings.append(
        "OOM killer is disabled for the container, but no memory limit is set, "
          + "this can result in the system running out of resources.")
    }
    return warnings
  }

  /// Where something is mounted that somebody asked for.
  func mountTargets() throws(ContainerError) -> Set<String> {
    Set((try allMounts().map(\.target) + tmpfs.keys).map(PathCleaning.clean))
  }

  /// The mounts of a container that exists.
  public var requestedMounts: [MountRequest] {
    // They were judged when the container was made, and again when its record was read.
    (try? allMounts()) ?? []
  }

  /// `-v` and `--mount` together.
  /// - Throws: ``ContainerError/invalid(_:)`` for two mounts on one path, too.
  func allMounts() throws(ContainerError) -> [MountRequest] {
    var all: [MountRequest] = []
    for bind in binds { all.append(try MountRequest(bind: bind)) }
    all += mounts
    let asked = Set(all.map { PathCleaning.clean($0.target) } + tmpfs.keys.map(PathCleaning.clean))
    all += inheritedBinds.filter { !asked.contains(PathCleaning.clean($0.target)) }
    var targets = Set(tmpfs.keys.map(PathCleaning.clean))
    for mount in all where !targets.insert(PathCleaning.clean(mount.target)).inserted {
      throw .invalid("Duplicate mount point: \(mount.target)")
    }
    return all
  }
}
