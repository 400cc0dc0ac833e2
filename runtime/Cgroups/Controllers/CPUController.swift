internal import Glibc
internal import OCIRuntimeSpec

/// Processor time (config-linux.md §CPU); durations in microseconds.
enum CPUController: CgroupController {
  static let name = "cpu"

  static func settings(for resources: LinuxResources, version: CgroupVersion) throws(CgroupError) -> [CgroupSetting] {
    guard let cpu = resources.cpu else { return [] }
    try checkValues(cpu)
    return version == .v1 ? settingsV1(cpu) : try settingsV2(cpu)
  }

  private static func checkValues(_ cpu: LinuxCPU) throws(CgroupError) {
    if let quota = cpu.quota, quota < -1 { throw invalid("\(quota) is neither a time nor -1", "cpu.quota") }
    if let runtime = cpu.realtimeRuntime, runtime < -1 {
      throw invalid("\(runtime) is neither a time nor -1", "cpu.realtimeRuntime")
    }
    if let idle = cpu.idle, idle != 0, idle != 1 { throw invalid("\(idle) is neither 0 nor 1", "cpu.idle") }
  }

  private static func settingsV1(_ cpu: LinuxCPU) -> [CgroupSetting] {
    var settings = weight(shares(cpu, file: "cpu.shares") { $0 }, cpu)
    // Period and quota limit each other; whichever the kernel refuses first is tried again after the other.
    if let period = given(cpu.period) {
      settings.append(later(set("cpu.cfs_period_us", period, for: "cpu.period")))
    }
    if let burst = cpu.burst { settings.append(later(set("cpu.cfs_burst_us", burst, for: "cpu.burst"))) }
    if let quota = cpu.quota, quota != 0 {
      settings.append(later(set("cpu.cfs_quota_us", quota, for: "cpu.quota")))
    }
    if let period = given(cpu.realtimePeriod) {
      settings.append(later(set("cpu.rt_period_us", period, for: "cpu.realtimePeriod")))
    }
    if let runtime = cpu.realtimeRuntime, runtime != 0 {
      var setting = later(set("cpu.rt_runtime_us", runtime, for: "cpu.realtimeRuntime"))
      setting.hint = "the cgroup above has not that much real-time processor time to give"
      settings.append(setting)
    }
    return settings
  }

  private static func settingsV2(_ cpu: LinuxCPU) throws(CgroupError) -> [CgroupSetting] {
    if let period = cpu.realtimePeriod, period > 0 {
      throw unsupported("cgroup v2 has no real-time limits", "cpu.realtimePeriod")
    }
    if let runtime = cpu.realtimeRuntime, runtime != 0 {
      throw unsupported("cgroup v2 has no real-time limits", "cpu.realtimeRuntime")
    }
    var settings = weight(shares(cpu, file: "cpu.weight", weight(ofShares:)), cpu)
    if let burst = cpu.burst { settings.append(later(set("cpu.max.burst", burst, for: "cpu.burst"))) }
    if let maximum = maximum(quota: cpu.quota, period: cpu.period) {
      settings.append(set("cpu.max", maximum, for: (cpu.quota ?? 0) == 0 ? "cpu.period" : "cpu.quota"))
    }
    return settings
  }

  /// A group that is idle has no weight: it is given before that starts, or after it ends.
  private static func weight(_ shares: [CgroupSetting], _ cpu: LinuxCPU) -> [CgroupSetting] {
    guard let idle = cpu.idle else { return shares }
    let idling = set("cpu.idle", idle, for: "cpu.idle")
    return idle == 0 ? [idling] + shares : shares + [idling]
  }

  private static func shares(
    _ cpu: LinuxCPU, file: String, _ convert: (UInt64) -> UInt64
  ) -> [CgroupSetting] {
    given(cpu.shares).map { [set(file, convert($0), for: "cpu.shares")] } ?? []
  }

  /// v1's 2 … 1024 … 262144 to v2's 1 … 100 … 10000: runc's curve since 1.3.2, a parabola through the logarithms of these
  /// three points, so that the defaults of the two versions meet.
  static func weight(ofShares shares: UInt64) -> UInt64 {
    if shares <= 2 { return 1 }
    if shares >= 262_144 { return 10_000 }
    let power = log2(Double(shares))
    return UInt64(ceil(pow(10, (power * power + 125 * power) / 612 - 7.0 / 34)))
  }

  /// The content of `cpu.max`; `nil` if neither is given.
  static func maximum(quota: Int64?, period: UInt64?) -> String? {
    let quota = quota ?? 0
    let period = given(period)
    if quota == 0, period == nil { return nil }
    return "\(quota > 0 ? String(quota) : "max") \(period ?? 100_000)"
  }

  private static func later(_ setting: CgroupSetting) -> CgroupSetting {
    var setting = setting
    setting.mayComeLater = true
    return setting
  }

  private static func given(_ value: UInt64?) -> UInt64? { value == 0 ? nil : value }
}
