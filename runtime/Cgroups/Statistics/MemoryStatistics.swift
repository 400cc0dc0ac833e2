extension CgroupStatistics.Memory {
  static func legacy(_ files: CgroupStatisticsFile) throws(CgroupError) -> Self {
    var memory = Self()
    memory.details = try files.values("memory.stat")
    memory.cache = memory.details["cache"] ?? 0
    memory.usage = try counter("memory", files)
    memory.swap = try counter("memory.memsw", files)
    memory.kernel = try counter("memory.kmem", files)
    memory.kernelTCP = try counter("memory.kmem.tcp", files)
    return memory
  }

  private static func counter(
    _ name: String, _ files: CgroupStatisticsFile
  ) throws(CgroupError) -> CgroupStatistics.Counter {
    CgroupStatistics.Counter(
      limit: try files.number("\(name).limit_in_bytes") ?? 0, usage: try files.number("\(name).usage_in_bytes") ?? 0,
      maximum: try files.number("\(name).max_usage_in_bytes") ?? 0,
      failures: try files.number("\(name).failcnt") ?? 0)
  }

  static func unified(_ files: CgroupStatisticsFile) throws(CgroupError) -> Self {
    var memory = Self()
    memory.details = try files.values("memory.stat")
    memory.cache = memory.details["file"] ?? 0
    memory.usage = try unifiedCounter("memory", files)
    memory.swap = try unifiedCounter("memory.swap", files)
    // v1 counts both together, and so do those who read this. The maxima were at different times.
    memory.swap.usage += memory.usage.usage
    memory.swap.maximum = 0
    let (limit, overflow) = memory.swap.limit.addingReportingOverflow(memory.usage.limit)
    memory.swap.limit = overflow ? .max : limit
    memory.pressure = try files.pressure("memory.pressure")
    return memory
  }

  private static func unifiedCounter(
    _ name: String, _ files: CgroupStatisticsFile
  ) throws(CgroupError) -> CgroupStatistics.Counter {
    CgroupStatistics.Counter(
      limit: try files.number("\(name).max") ?? 0, usage: try files.number("\(name).current") ?? 0,
      maximum: try files.number("\(name).peak") ?? 0, failures: 0)
  }
}
