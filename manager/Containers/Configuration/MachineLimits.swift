internal import LinuxKernel

/// What this machine, and the daemon itself, can give to containers: what requests are judged against.
public struct MachineLimits: Equatable, Sendable {
  public var processors: Int
  /// The processors that are online, `0-3`.
  public var processorList: String
  /// The memory nodes that are online, `0`.
  public var memoryNodeList: String
  /// The daemon's own bounding set, in the kernel's order: nobody can give more than that.
  public var capabilities: [String]
  /// Whether the kernel can prefer one group's block I/O to another's.
  public var weighsBlockIO = true
  /// Whether the kernel shares real-time processor time out among groups.
  public var sharesRealtime = true
  public var hasAppArmor = false
  /// Whether a mount and everything below it can be made read-only at once (Linux 5.12).
  public var locksTrees = true
  /// How many descriptors a container's processes may have open that asks for no limit; `nil`: as many as the daemon.
  public var openFiles: UInt64?
  var seccomp = SeccompMachine.current(kernel: "")

  public init(processors: Int, processorList: String, memoryNodeList: String, capabilities: [String]) {
    self.processors = processors
    self.processorList = processorList
    self.memoryNodeList = memoryNodeList
    self.capabilities = capabilities
  }

  /// Those of the machine that this runs on. Blocks.
  /// - Throws: `SyscallError` if the kernel does not say which processors there are.
  public static func current() throws -> MachineLimits {
    var machine = MachineLimits(
      processors: Machine.processors, processorList: try list("/sys/devices/system/cpu/online"),
      // A kernel without NUMA has no such file, and one node.
      memoryNodeList: Machine.exists(memoryNodes) ? try list(memoryNodes) : "0",
      capabilities: CapabilitySet.all.enumerated().compactMap { number, name in
        ProcessCapabilities.isInBoundingSet(UInt32(number)) == true ? name : nil
      })
    let isUnified = Machine.exists("/sys/fs/cgroup/cgroup.controllers")
    machine.weighsBlockIO = isUnified || Machine.exists("/sys/fs/cgroup/blkio/blkio.weight")
    machine.sharesRealtime = Machine.exists("/sys/fs/cgroup/cpu/cpu.rt_runtime_us")
    machine.hasAppArmor = Machine.exists(appArmor) ? try list(appArmor) == "Y" : false
    machine.locksTrees = Mounts.canChangeTrees
    machine.seccomp = .current(kernel: try list("/proc/sys/kernel/osrelease"))
    return machine
  }

  private static let appArmor = "/sys/module/apparmor/parameters/enabled"

  private static let memoryNodes = "/sys/devices/system/node/online"

  private static func list(_ path: String) throws(SyscallError) -> String {
    String(decoding: try AtomicFile.read(path, limit: 1 << 16).filter { $0 > 32 }, as: UTF8.self)
  }
}

extension Resources {
  /// What cannot be judged without the machine.
  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's messages.
  func validate(on machine: MachineLimits) throws(ContainerError) {
    let processors = Int64(machine.processors)
    if let nanoCPUs, nanoCPUs > processors * 1_000_000_000 {
      throw .invalid(
        "range of CPUs is from 0.01 to \(processors).00, as there are only \(processors) CPUs available")
    }
    guard machine.sharesRealtime || (cpuRealtimePeriod ?? 0, cpuRealtimeRuntime ?? 0) == (0, 0) else {
      throw .invalid("kernel does not support CPU real-time scheduler")
    }
    guard Self.isList(cpusetCPUs, within: machine.processorList) else {
      throw .invalid(
        "Requested CPUs are not available - requested \(cpusetCPUs), available: \(machine.processorList)")
    }
    guard Self.isList(cpusetMemories, within: machine.memoryNodeList) else {
      throw .invalid(
        "Requested memory nodes are not available - requested \(cpusetMemories), available: \(machine.memoryNodeList)")
    }
  }

  private static func isList(_ text: String, within available: String) -> Bool {
    let places = ranges(available)
    return ranges(text).allSatisfy { wanted in
      wanted.allSatisfy { number in places.contains { $0.contains(number) } }
    }
  }

  /// The kernel's list format; what is no range is left out: it was judged before.
  private static func ranges(_ text: String) -> [ClosedRange<UInt16>] {
    text.split(separator: ",").compactMap { item in
      let ends = item.split(separator: "-").compactMap { UInt16($0) }
      guard let first = ends.first, let last = ends.last, first <= last else { return nil }
      return first...last
    }
  }
}
