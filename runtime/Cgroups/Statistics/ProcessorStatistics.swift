extension CgroupStatistics.Processor {
  /// `cpuacct.stat` counts in these.
  private static let nanosecondsOfTick = UInt64(10_000_000)

  mutating func readThrottling(_ files: CgroupStatisticsFile) throws(CgroupError) {
    let values = try files.values("cpu.stat")
    periods = values["nr_periods"] ?? 0
    throttledPeriods = values["nr_throttled"] ?? 0
    throttledTime = values["throttled_time"] ?? 0
  }

  mutating func readAccounts(_ files: CgroupStatisticsFile) throws(CgroupError) {
    let ticks = try files.values("cpuacct.stat")
    user = (ticks["user"] ?? 0) * Self.nanosecondsOfTick
    kernel = (ticks["system"] ?? 0) * Self.nanosecondsOfTick
    total = try files.number("cpuacct.usage") ?? 0
    each = try files.numbers("cpuacct.usage_percpu")
    // A line for each processor under `cpu user system`.
    for line in (try files.text("cpuacct.usage_all") ?? "").split(separator: "\n").dropFirst() {
      let words = line.split(separator: " ").compactMap { UInt64($0) }
      guard words.count >= 3 else { continue }
      eachUser.append(words[1])
      eachKernel.append(words[2])
    }
  }

  static func unified(_ files: CgroupStatisticsFile) throws(CgroupError) -> Self {
    let values = try files.values("cpu.stat")
    var processor = Self()
    processor.total = (values["usage_usec"] ?? 0) * 1000
    processor.user = (values["user_usec"] ?? 0) * 1000
    processor.kernel = (values["system_usec"] ?? 0) * 1000
    processor.periods = values["nr_periods"] ?? 0
    processor.throttledPeriods = values["nr_throttled"] ?? 0
    processor.throttledTime = (values["throttled_usec"] ?? 0) * 1000
    processor.pressure = try files.pressure("cpu.pressure")
    return processor
  }
}
