internal import OCIRuntimeSpec

/// Memory and swap (config-linux.md §Memory). -1 is no limit, 0 is the same as absent.
enum MemoryController: CgroupController {
  static let name = "memory"

  static func settings(for resources: LinuxResources, version: CgroupVersion) throws(CgroupError) -> [CgroupSetting] {
    guard let memory = resources.memory else { return [] }
    for (value, name) in [
      (memory.limit, "limit"), (memory.reservation, "reservation"), (memory.swap, "swap"), (memory.kernel, "kernel"),
      (memory.kernelTCP, "kernelTCP"),
    ] {
      if let value, value < -1 { throw invalid("\(value) is neither a number of bytes nor -1", "memory.\(name)") }
    }
    if let limit = memory.limit, let swap = memory.swap, swap > 0, limit > swap {
      throw invalid("\(swap) bytes of memory and swap are less than the limit of memory, \(limit)", "memory.swap")
    }
    if let kernel = memory.kernel, kernel > 0 {
      throw unsupported("kernels since 5.16 have no separate limit of kernel memory", "memory.kernel")
    }
    return version == .v1 ? try settingsV1(memory) : try settingsV2(memory)
  }

  private static func settingsV1(_ memory: LinuxMemory) throws(CgroupError) -> [CgroupSetting] {
    var settings: [CgroupSetting] = []
    if memory.useHierarchy == true { settings.append(set("memory.use_hierarchy", 1, for: "memory.useHierarchy")) }
    if memory.useHierarchy == false { settings.append(set("memory.use_hierarchy", 0, for: "memory.useHierarchy")) }
    // Raising the limit above the old limit of both has to wait until that is raised.
    if let limit = given(memory.limit) {
      settings.append(set("memory.limit_in_bytes", limit, for: "memory.limit"))
      settings[settings.count - 1].mayComeLater = true
    }
    if let swap = given(memory.swap) ?? (memory.limit == -1 ? -1 : nil) {
      settings.append(set("memory.memsw.limit_in_bytes", swap, for: "memory.swap"))
      settings[settings.count - 1].isDefault = swap == -1
    }
    if let soft = given(memory.reservation) {
      settings.append(set("memory.soft_limit_in_bytes", soft, for: "memory.reservation"))
    }
    if let tcp = given(memory.kernelTCP) {
      settings.append(set("memory.kmem.tcp.limit_in_bytes", tcp, for: "memory.kernelTCP"))
    }
    if let swappiness = memory.swappiness {
      guard swappiness <= 100 else { throw invalid("\(swappiness) is not between 0 and 100", "memory.swappiness") }
      settings.append(set("memory.swappiness", swappiness, for: "memory.swappiness"))
    }
    if memory.disableOOMKiller == true {
      settings.append(set("memory.oom_control", 1, for: "memory.disableOOMKiller"))
    }
    return settings
  }

  private static func settingsV2(_ memory: LinuxMemory) throws(CgroupError) -> [CgroupSetting] {
    try refuseWhatV2Lacks(memory)
    var settings: [CgroupSetting] = []
    if let swap = try swapAlone(memory) {
      settings.append(set("memory.swap.max", unlimited(swap), for: "memory.swap"))
      settings[settings.count - 1].isDefault = swap == -1
    }
    if let limit = given(memory.limit) {
      settings.append(set("memory.max", unlimited(limit), for: "memory.limit"))
      if memory.checkBeforeUpdate == true, limit > 0 {
        settings[settings.count - 1].bound = .init(file: "memory.current", value: UInt64(limit))
      }
    }
    if let low = given(memory.reservation) {
      settings.append(set("memory.low", unlimited(low), for: "memory.reservation"))
    }
    return settings
  }

  private static func refuseWhatV2Lacks(_ memory: LinuxMemory) throws(CgroupError) {
    if let tcp = memory.kernelTCP, tcp > 0 { throw unsupported("cgroup v2 has no such limit", "memory.kernelTCP") }
    if memory.swappiness != nil { throw unsupported("cgroup v2 has no swappiness of a group", "memory.swappiness") }
    if memory.disableOOMKiller == true {
      throw unsupported("cgroup v2 cannot disable the killer", "memory.disableOOMKiller")
    }
    if memory.useHierarchy == false {
      throw unsupported("cgroup v2 always counts children to their parents", "memory.useHierarchy")
    }
  }

  /// The limit of swap without memory, which is what v2 wants; `nil` if there is none to set.
  static func swapAlone(_ memory: LinuxMemory) throws(CgroupError) -> Int64? {
    guard let both = given(memory.swap) else { return memory.limit == -1 ? -1 : nil }
    if both == -1 { return -1 }
    guard let limit = memory.limit, limit > 0 else {
      throw invalid("memory and swap can only be limited together with memory", "memory.swap")
    }
    return both - limit
  }

  private static func given(_ value: Int64?) -> Int64? { value == 0 ? nil : value }

  private static func unlimited(_ value: Int64) -> String { value == -1 ? "max" : String(value) }
}
