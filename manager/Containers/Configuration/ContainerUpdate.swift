/// What is to be different about a container that exists. What is `nil` or empty stays as it is.
public struct ContainerUpdate: Equatable, Sendable {
  /// Memory, processors and the number of processes; 0 of those takes their limit away.
  public var resources = Resources()
  public var restartPolicy: RestartPolicy?

  public init() {}
}

extension Resources {
  /// These limits with those that `change` names.
  /// - Throws: ``ContainerError/conflict(_:)`` in Docker's words if they do not go together.
  func changed(by change: Resources) throws(ContainerError) -> Resources {
    try checkProcessors(change)
    var changed = self
    try changed.setMemory(change)
    changed.setProcessors(change)
    changed.pids = change.pids ?? pids
    changed.blockIO.weight = change.blockIO.weight ?? blockIO.weight
    return changed
  }

  private func checkProcessors(_ change: Resources) throws(ContainerError) {
    func refuse(_ new: String, _ old: String, _ isSet: Bool) throws(ContainerError) {
      guard isSet else { return }
      throw .conflict("Conflicting options: \(new) cannot be updated as \(old) has already been set")
    }
    try refuse("Nano CPUs", "CPU Period", change.nanoCPUs != nil && cpuPeriod != nil)
    try refuse("Nano CPUs", "CPU Quota", change.nanoCPUs != nil && cpuQuota != nil)
    try refuse("CPU Period", "NanoCPUs", change.cpuPeriod != nil && nanoCPUs != nil)
    try refuse("CPU Quota", "NanoCPUs", change.cpuQuota != nil && nanoCPUs != nil)
  }

  /// How much there is of memory and swap is settled when the container is made: as much swap as memory does not grow with it.
  private mutating func setMemory(_ change: Resources) throws(ContainerError) {
    let swap = effectiveMemorySwap
    if let memory = change.memory {
      guard change.memorySwap != nil || memory <= swap ?? 0 else {
        throw .conflict(
          "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time")
      }
      self.memory = memory
    }
    memorySwap = change.memorySwap ?? swap
    memoryReservation = change.memoryReservation ?? memoryReservation
  }

  private mutating func setProcessors(_ change: Resources) {
    nanoCPUs = change.nanoCPUs ?? nanoCPUs
    cpuShares = change.cpuShares ?? cpuShares
    cpuQuota = change.cpuQuota ?? cpuQuota
    cpuPeriod = change.cpuPeriod ?? cpuPeriod
    cpuRealtimePeriod = change.cpuRealtimePeriod ?? cpuRealtimePeriod
    cpuRealtimeRuntime = change.cpuRealtimeRuntime ?? cpuRealtimeRuntime
    if !change.cpusetCPUs.isEmpty { cpusetCPUs = change.cpusetCPUs }
    if !change.cpusetMemories.isEmpty { cpusetMemories = change.cpusetMemories }
  }
}
