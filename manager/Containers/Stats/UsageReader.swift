internal import LinuxKernel

/// Reads what a container uses from its cgroups, of either version, and from its network namespace. Blocks.
struct UsageReader: Sendable {
  let pid: Int32
  /// Whether it has a network of its own.
  let hasNetwork: Bool
  /// Bytes that the machine has.
  let machineMemory: UInt64
  private let folders: CgroupFolders
  /// Of `/proc/…/stat`, in a second.
  private static let ticks: UInt64 = 100

  /// - Throws: `ENOENT` if the process has ended.
  init(pid: Int32, hasNetwork: Bool) throws(SyscallError) {
    self.init(
      pid: pid, hasNetwork: hasNetwork, machineMemory: UInt64(clamping: Machine.memory), folders: try .of(pid))
  }

  init(pid: Int32, hasNetwork: Bool, machineMemory: UInt64, folders: CgroupFolders) {
    self.pid = pid
    self.hasNetwork = hasNetwork
    self.machineMemory = machineMemory
    self.folders = folders
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
    (cpu.system, cpu.processors) = try SystemTime.read(ticks: Self.ticks)
    let tick = 1_000_000_000 / Self.ticks
    if let (folder, isLegacy) = folders.folder("cpuacct"), isLegacy {
      cpu.total = try CgroupFile.number("\(folder)/cpuacct.usage") ?? 0
      cpu.byProcessor = try CgroupFile.text("\(folder)/cpuacct.usage_percpu").words.compactMap { UInt64($0) }
      let times = try CgroupFile.table("\(folder)/cpuacct.stat")
      cpu.user = (times["user"] ?? 0) * tick
      cpu.kernel = (times["system"] ?? 0) * tick
    }
    guard let (folder, isLegacy) = folders.folder("cpu") else { return }
    let table = try CgroupFile.table("\(folder)/cpu.stat")
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
    memory.details = try CgroupFile.table("\(folder)/memory.stat")
    memory.usage = try CgroupFile.number(folder + (isLegacy ? "/memory.usage_in_bytes" : "/memory.current")) ?? 0
    let limit = try CgroupFile.number(folder + (isLegacy ? "/memory.limit_in_bytes" : "/memory.max"))
    memory.limit = min(limit ?? .max, machineMemory)
    guard isLegacy else { return }
    memory.maximum = try CgroupFile.number("\(folder)/memory.max_usage_in_bytes")
    memory.failures = try CgroupFile.number("\(folder)/memory.failcnt")
  }

  private func readProcesses(_ processes: inout ResourceUsage.Processes) throws(SyscallError) {
    guard let (folder, _) = folders.folder("pids") else { return }
    processes.current = try CgroupFile.number("\(folder)/pids.current") ?? 0
    processes.limit = try CgroupFile.number("\(folder)/pids.max") ?? .max
  }

  private func readBlockDevices(_ usage: inout ResourceUsage) throws(SyscallError) {
    if let (folder, isLegacy) = folders.folder("blkio"), isLegacy {
      usage.blockBytes = BlockCounters.legacy(
        try CgroupFile.text("\(folder)/blkio.throttle.io_service_bytes_recursive"))
      usage.blockOperations = BlockCounters.legacy(
        try CgroupFile.text("\(folder)/blkio.throttle.io_serviced_recursive"))
    } else if let (folder, _) = folders.folder("io") {
      usage.blockBytes = BlockCounters.unified(try CgroupFile.text("\(folder)/io.stat"))
    }
  }
}

/// The kernel's files of a cgroup.
enum CgroupFile {
  /// Empty if there is no such file: which there are depends on the kernel and on the controllers that are on.
  static func text(_ path: String) throws(SyscallError) -> String {
    do throws(SyscallError) { return String(decoding: try AtomicFile.read(path, limit: 1 << 20), as: UTF8.self) } catch
    {
      // ENODEV: the cgroup is being removed.
      guard error.errno == .noEntry || error.errno == .noDevice || error.errno == .notSupported else { throw error }
      return ""
    }
  }

  /// A file with one number; `nil` if it says `max`, or is not there.
  static func number(_ path: String) throws(SyscallError) -> UInt64? {
    let text = try text(path)
    return UInt64(text.hasSuffix("\n") ? text.dropLast() : text[...])
  }

  /// A file with a name and a number on each line.
  static func table(_ path: String) throws(SyscallError) -> [String: UInt64] {
    var table: [String: UInt64] = [:]
    for line in try text(path).fields("\n") {
      let fields = line.fields(" ")
      if fields.count == 2, let value = UInt64(fields[1]) { table[String(fields[0])] = value }
    }
    return table
  }
}
