internal import LinuxKernel

/// Reads what a container uses from its cgroups, of either version, and from its network namespace. Blocks.
struct UsageReader: Sendable {
  let pid: Int32
  /// Whether it has a network of its own.
  let hasNetwork: Bool
  /// Bytes that the machine has.
  let machineMemory: UInt64
  private let folders: CgroupFolders
  private let files: CgroupFiles
  private let time: MachineTime
  /// Of `/proc/…/stat`, in a second.
  private static let ticks: UInt64 = 100

  /// - Throws: `ENOENT` if the process has ended.
  init(pid: Int32, hasNetwork: Bool, budget: FileBudget, time: MachineTime) throws(SyscallError) {
    self.init(
      pid: pid, hasNetwork: hasNetwork, machineMemory: UInt64(clamping: Machine.memory), folders: try .of(pid),
      budget: budget, time: time)
  }

  init(
    pid: Int32, hasNetwork: Bool, machineMemory: UInt64, folders: CgroupFolders, budget: FileBudget,
    time: MachineTime = MachineTime()
  ) {
    self.pid = pid
    self.hasNetwork = hasNetwork
    self.machineMemory = machineMemory
    self.folders = folders
    files = CgroupFiles(budget)
    self.time = time
  }

  /// - Throws: `ENOENT` if it has ended.
  func read() throws(SyscallError) -> ResourceUsage {
    var usage = ResourceUsage()
    try readCPU(&usage.cpu)
    try readMemory(&usage.memory)
    try readProcesses(&usage.processes)
    try readBlockDevices(&usage)
    usage.networks = hasNetwork ? try NetworkCounters.of(pid) : nil
    usage.time = .now()
    return usage
  }

  private func readCPU(_ cpu: inout ResourceUsage.CPU) throws(SyscallError) {
    let machine = try time.sample()
    (cpu.system, cpu.processors) = (machine.total, machine.processors)
    let tick = 1_000_000_000 / Self.ticks
    if let (folder, isLegacy) = folders.folder("cpuacct"), isLegacy {
      cpu.total = try files.number("\(folder)/cpuacct.usage") ?? 0
      cpu.byProcessor = try files.text("\(folder)/cpuacct.usage_percpu").words.compactMap { UInt64($0) }
      let times = try files.table("\(folder)/cpuacct.stat")
      cpu.user = (times["user"] ?? 0) * tick
      cpu.kernel = (times["system"] ?? 0) * tick
    }
    guard let (folder, isLegacy) = folders.folder("cpu") else { return }
    let table = try files.table("\(folder)/cpu.stat")
    cpu.periods = table["nr_periods"] ?? 0
    cpu.throttledPeriods = table["nr_throttled"] ?? 0
    cpu.throttledTime = isLegacy ? table["throttled_time"] ?? 0 : (table["throttled_usec"] ?? 0) * 1000
    guard !isLegacy else { return }
    cpu.total = (table["usage_usec"] ?? 0) * 1000
    cpu.user = (table["user_usec"] ?? 0) * 1000
    cpu.kernel = (table["system_usec"] ?? 0) * 1000
  }

  private func readMemory(_ memory: inout ResourceUsage.Memory) throws(SyscallError) {
    guard let (folder, isLegacy) = folders.folder("memory") else { return }
    memory.details = try files.table("\(folder)/memory.stat")
    memory.usage = try files.number(folder + (isLegacy ? "/memory.usage_in_bytes" : "/memory.current")) ?? 0
    let limit = try files.number(folder + (isLegacy ? "/memory.limit_in_bytes" : "/memory.max"))
    memory.limit = min(limit ?? .max, machineMemory)
    guard isLegacy else { return }
    memory.maximum = try files.number("\(folder)/memory.max_usage_in_bytes")
    memory.failures = try files.number("\(folder)/memory.failcnt")
  }

  private func readProcesses(_ processes: inout ResourceUsage.Processes) throws(SyscallError) {
    guard let (folder, _) = folders.folder("pids") else { return }
    processes.current = try files.number("\(folder)/pids.current") ?? 0
    processes.limit = try files.number("\(folder)/pids.max") ?? .max
  }

  private func readBlockDevices(_ usage: inout ResourceUsage) throws(SyscallError) {
    if let (folder, isLegacy) = folders.folder("blkio"), isLegacy {
      usage.blockBytes = BlockCounters.legacy(
        try files.text("\(folder)/blkio.throttle.io_service_bytes_recursive"))
      usage.blockOperations = BlockCounters.legacy(
        try files.text("\(folder)/blkio.throttle.io_serviced_recursive"))
    } else if let (folder, _) = folders.folder("io") {
      usage.blockBytes = BlockCounters.unified(try files.text("\(folder)/io.stat"))
    }
  }
}
