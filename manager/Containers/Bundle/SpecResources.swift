internal import OCIRuntimeSpec

/// Docker's limits in the runtime specification's words.
enum SpecResources {
  static func memory(_ resources: Resources) -> LinuxMemory? {
    var memory = LinuxMemory()
    memory.limit = resources.memory
    memory.swap = resources.effectiveMemorySwap
    memory.reservation = resources.memoryReservation
    memory.swappiness = resources.memorySwappiness.map { UInt64($0) }
    memory.disableOOMKiller = resources.oomKillDisable ? true : nil
    return memory == LinuxMemory() ? nil : memory
  }

  static func cpu(_ resources: Resources) -> LinuxCPU? {
    var cpu = LinuxCPU()
    cpu.shares = resources.cpuShares.map { UInt64($0) }
    cpu.quota = resources.cpuQuota
    cpu.period = resources.cpuPeriod.map { UInt64($0) }
    if let nanoCPUs = resources.nanoCPUs {
      let period: Int64 = 100_000
      cpu.period = UInt64(period)
      cpu.quota = nanoCPUs / 1_000_000_000 * period + nanoCPUs % 1_000_000_000 * period / 1_000_000_000
    }
    cpu.realtimePeriod = resources.cpuRealtimePeriod.map { UInt64($0) }
    cpu.realtimeRuntime = resources.cpuRealtimeRuntime
    cpu.cpus = resources.cpusetCPUs.isEmpty ? nil : resources.cpusetCPUs
    cpu.mems = resources.cpusetMemories.isEmpty ? nil : resources.cpusetMemories
    return cpu == LinuxCPU() ? nil : cpu
  }

  static func pids(_ resources: Resources) -> LinuxPids? {
    guard let limit = resources.pids, limit != 0 else { return nil }
    var pids = LinuxPids()
    pids.limit = limit
    return pids
  }

  /// What the runtime is told when limits change: of each controller that has a change everything, for what it does with one
  /// value may depend on another (swap on memory, quota on period).
  static func update(from old: Resources, to new: Resources) -> LinuxResources {
    var update = LinuxResources()
    let (oldMemory, newMemory) = (memory(old), memory(new))
    if newMemory != oldMemory {
      update.memory = newMemory
      // These cannot be changed, and the kernel may not take them twice.
      update.memory?.swappiness = nil
      update.memory?.disableOOMKiller = nil
    }
    if let weight = new.blockIO.weight, weight != old.blockIO.weight {
      update.blockIO = LinuxBlockIO()
      update.blockIO?.weight = weight
    }
    if cpu(new) != cpu(old) { update.cpu = cpu(new) }
    if new.pids ?? 0 != old.pids ?? 0 {
      var pids = LinuxPids()
      pids.limit = new.pids.flatMap { $0 > 0 ? $0 : nil } ?? -1
      update.pids = pids
    }
    return update
  }

  static func rlimits(_ resources: Resources) -> [POSIXRlimit] {
    resources.ulimits.map { ulimit in
      var limit = POSIXRlimit()
      limit.type = "RLIMIT_\(ulimit.name.uppercased())"
      // -1 is RLIM_INFINITY, all bits set.
      limit.soft = UInt64(bitPattern: ulimit.soft)
      limit.hard = UInt64(bitPattern: ulimit.hard)
      return limit
    }
  }
}
