extension Resources {
  /// Docker's smallest memory limit: the runtime itself needs some before the process takes over.
  static let smallestMemory: Int64 = 6 << 20

  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's messages.
  /// - Parameter isChange: whether these are changes to limits that are there: what is not named may be among those.
  func validate(isChange: Bool = false) throws(ContainerError) {
    try validateMemory(isChange: isChange)
    try validateProcessors()
    try blockIO.validate()
    for limit in ulimits {
      guard Ulimit.names.contains(limit.name) else { throw .invalid("invalid ulimit type: \(limit.name)") }
      guard limit.hard == -1 || (limit.soft != -1 && limit.soft <= limit.hard) else {
        throw .invalid("ulimit soft limit must be less than or equal to hard limit: \(limit.soft) > \(limit.hard)")
      }
    }
  }

  private func validateMemory(isChange: Bool) throws(ContainerError) {
    if let memory, memory < Self.smallestMemory { throw .invalid("Minimum memory limit allowed is 6MB") }
    if let memorySwap, memorySwap >= 0 {
      guard isChange || memory != nil else {
        throw .invalid("You should always set the Memory limit when using Memoryswap limit, see usage")
      }
      guard memorySwap >= memory ?? 0 else {
        throw .invalid("Minimum memoryswap limit should be larger than memory limit, see usage")
      }
    }
    if let memoryReservation {
      guard memoryReservation >= Self.smallestMemory else {
        throw .invalid("Minimum memory reservation allowed is 6MB")
      }
      if let memory, memory < memoryReservation {
        throw .invalid("Minimum memory limit can not be less than memory reservation limit, see usage")
      }
    }
    if let memorySwappiness, !(0...100).contains(memorySwappiness) {
      throw .invalid("Invalid value: \(memorySwappiness), valid memory swappiness range is 0-100")
    }
  }

  private func validateProcessors() throws(ContainerError) {
    if let nanoCPUs {
      guard nanoCPUs > 0 else { throw .invalid("NanoCpus must not be negative") }
      if cpuPeriod != nil { throw .invalid("Conflicting options: Nano CPUs and CPU Period cannot both be set") }
      if cpuQuota != nil { throw .invalid("Conflicting options: Nano CPUs and CPU Quota cannot both be set") }
    }
    if let cpuPeriod, !(1_000...1_000_000).contains(cpuPeriod) {
      throw .invalid("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)")
    }
    if let cpuQuota, cpuQuota > 0, cpuQuota < 1_000 {
      throw .invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)")
    }
    if let cpuRealtimePeriod, let cpuRealtimeRuntime, cpuRealtimeRuntime > cpuRealtimePeriod {
      throw .invalid("cpu real-time runtime cannot be higher than cpu real-time period")
    }
    for time in [cpuRealtimePeriod, cpuRealtimeRuntime] where time ?? 0 < 0 {
      throw .invalid("cpu real-time period and runtime cannot be negative")
    }
    if let cpuShares, cpuShares < 0 {
      throw .invalid("invalid CPU shares (\(cpuShares)): value must be a positive integer")
    }
    for (name, list) in [("cpus", cpusetCPUs), ("mems", cpusetMemories)] where !Self.isList(list) {
      throw .invalid("Invalid value \(list) for cpuset \(name)")
    }
  }

  /// The kernel's list format: numbers and ranges, `0-3,7`.
  static func isList(_ text: String) -> Bool {
    if text.isEmpty { return true }
    return text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { item in
      let ends = item.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else { return false }
      return first <= last
    }
  }
}
