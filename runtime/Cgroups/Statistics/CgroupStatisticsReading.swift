extension Cgroup {
  /// The counters of every controller, in one form for both versions.
  public func statistics() throws(CgroupError) -> CgroupStatistics {
    var statistics = CgroupStatistics()
    for folder in folders {
      let files = CgroupStatisticsFile(folder: folder.path)
      if folder.version == .v2 {
        // On a hybrid machine the v2 tree counts nothing that v1 does not.
        if folders.count == 1 { try Self.readUnified(files, into: &statistics) }
      } else {
        for controller in folder.controllers { try Self.read(controller, files, into: &statistics) }
      }
    }
    return statistics
  }

  private static func readUnified(
    _ files: CgroupStatisticsFile, into statistics: inout CgroupStatistics
  ) throws(CgroupError) {
    statistics.processor = try .unified(files)
    statistics.memory = try .unified(files)
    statistics.pids = try .read(files)
    statistics.blockIO = try .unified(files)
    statistics.hugePages = try hugePages(files, limit: "max", usage: "current", maximum: nil)
  }

  private static func read(
    _ controller: String, _ files: CgroupStatisticsFile, into statistics: inout CgroupStatistics
  ) throws(CgroupError) {
    switch controller {
    case "cpu": try statistics.processor.readThrottling(files)
    case "cpuacct": try statistics.processor.readAccounts(files)
    case "cpuset": statistics.processorSet = try .legacy(files)
    case "memory": statistics.memory = try .legacy(files)
    case "pids": statistics.pids = try .read(files)
    case "blkio": statistics.blockIO = try .legacy(files)
    case "hugetlb":
      statistics.hugePages = try hugePages(
        files, limit: "limit_in_bytes", usage: "usage_in_bytes", maximum: "max_usage_in_bytes")
    default: break
    }
  }

  private static func hugePages(
    _ files: CgroupStatisticsFile, limit: String, usage: String, maximum: String?
  ) throws(CgroupError) -> [String: CgroupStatistics.Counter] {
    var counters: [String: CgroupStatistics.Counter] = [:]
    for size in try HugePageSizes.all() {
      guard let used = try files.number("hugetlb.\(size).\(usage)") else { continue }
      var counter = CgroupStatistics.Counter()
      counter.usage = used
      counter.limit = try files.number("hugetlb.\(size).\(limit)") ?? 0
      if let maximum { counter.maximum = try files.number("hugetlb.\(size).\(maximum)") ?? 0 }
      // v1 has a file for it, v2 a line.
      counter.failures = try files.number("hugetlb.\(size).failcnt") ?? 0
      if let hits = try files.values("hugetlb.\(size).events")["max"] { counter.failures = hits }
      counters[size] = counter
    }
    return counters
  }
}

extension CgroupStatistics.Pids {
  static func read(_ files: CgroupStatisticsFile) throws(CgroupError) -> Self {
    let limit = try files.number("pids.max") ?? 0
    return Self(current: try files.number("pids.current") ?? 0, limit: limit == .max ? 0 : limit)
  }
}

extension CgroupStatistics.ProcessorSet {
  private static let flagNames = [
    "cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page", "memory_spread_slab",
    "memory_pressure", "sched_load_balance", "sched_relax_domain_level",
  ]

  static func legacy(_ files: CgroupStatisticsFile) throws(CgroupError) -> Self {
    var set = Self()
    set.processors = try files.list("cpuset.cpus")
    set.nodes = try files.list("cpuset.mems")
    for name in flagNames { set.flags[name] = try files.signed("cpuset.\(name)") }
    return set
  }
}
