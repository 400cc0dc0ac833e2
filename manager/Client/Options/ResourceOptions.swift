internal import ArgumentParser
internal import EngineAPI
internal import LinuxKernel

/// Options about a new container's limits and devices.
struct ResourceOptions: ParsableArguments {
  @Option(name: .long, help: "Block IO (relative weight), between 10 and 1000, or 0 to disable")
  var blkioWeight: UInt16 = 0
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Block IO weight (relative device weight)")
  var blkioWeightDevice: [String] = []
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Limit read rate (bytes per second) from a device")
  var deviceReadBps: [String] = []
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Limit read rate (IO per second) from a device")
  var deviceReadIops: [String] = []
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Limit write rate (bytes per second) to a device")
  var deviceWriteBps: [String] = []
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Limit write rate (IO per second) to a device")
  var deviceWriteIops: [String] = []
  @Option(name: .long, help: "Optional parent cgroup for the container")
  var cgroupParent = ""
  @Option(name: .long, help: "Limit CPU CFS (Completely Fair Scheduler) period")
  var cpuPeriod: Int64 = 0
  @Option(name: .long, parsing: .unconditional, help: "Limit CPU CFS (Completely Fair Scheduler) quota")
  var cpuQuota: Int64 = 0
  @Option(name: .long, help: "Limit CPU real-time period in microseconds")
  var cpuRtPeriod: Int64 = 0
  @Option(name: .long, help: "Limit CPU real-time runtime in microseconds")
  var cpuRtRuntime: Int64 = 0
  @Option(name: [.short, .long], help: "CPU shares (relative weight)")
  var cpuShares: Int64 = 0
  @Option(name: .long, help: "Number of CPUs")
  var cpus = "0"
  @Option(name: .long, help: "CPUs in which to allow execution (0-3, 0,1)")
  var cpusetCpus = ""
  @Option(name: .long, help: "MEMs in which to allow execution (0-3, 0,1)")
  var cpusetMems = ""
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Add a host device to the container")
  var device: [String] = []
  @Option(name: .long, help: "GPU devices to add to the container ('all' to pass all GPUs)")
  var gpus: String?
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Add a rule to the cgroup allowed devices list")
  var deviceCgroupRule: [String] = []
  @Option(name: [.short, .long], parsing: .unconditional, help: "Memory limit")
  var memory = "0"
  @Option(name: .long, parsing: .unconditional, help: "Memory soft limit")
  var memoryReservation = "0"
  @Option(
    name: .long, parsing: .unconditional, help: "Swap limit equal to memory plus swap: '-1' to enable unlimited swap")
  var memorySwap = "0"
  @Option(name: .long, parsing: .unconditional, help: "Tune container memory swappiness (0 to 100)")
  var memorySwappiness: Int64 = -1
  @Flag(name: .long, help: "Disable OOM Killer")
  var oomKillDisable = false
  @Option(name: .long, parsing: .unconditional, help: "Tune host's OOM preferences (-1000 to 1000)")
  var oomScoreAdj = 0
  @Option(name: .long, parsing: .unconditional, help: "Tune container pids limit (set -1 for unlimited)")
  var pidsLimit: Int64 = 0
  @Option(name: .long, help: "Size of /dev/shm")
  var shmSize = "0"
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Ulimit options")
  var ulimit: [String] = []

  /// - Throws: ``ClientError/usage(_:)`` in Docker's words.
  func resources() throws(ClientError) -> Resources {
    var resources = Resources()
    resources.blkioWeight = blkioWeight
    resources.blkioWeightDevice = try Self.map(blkioWeightDevice, WeightDevice.init(commandLine:))
    resources.blkioDeviceReadBps = try Self.map(deviceReadBps, ThrottleDevice.init(bytes:))
    resources.blkioDeviceReadIOps = try Self.map(deviceReadIops, ThrottleDevice.init(operations:))
    resources.blkioDeviceWriteBps = try Self.map(deviceWriteBps, ThrottleDevice.init(bytes:))
    resources.blkioDeviceWriteIOps = try Self.map(deviceWriteIops, ThrottleDevice.init(operations:))
    resources.cgroupParent = cgroupParent
    resources.cpuPeriod = cpuPeriod
    resources.cpuQuota = cpuQuota
    resources.cpuRealtimePeriod = cpuRtPeriod
    resources.cpuRealtimeRuntime = cpuRtRuntime
    resources.cpuShares = cpuShares
    resources.nanoCPUs = try Self.nanoCPUs(cpus)
    resources.cpusetCPUs = cpusetCpus
    resources.cpusetMems = cpusetMems
    let names = device.filter(DeviceRequest.isQualifiedName)
    resources.devices = try Self.map(device.filter { !names.contains($0) }, DeviceMapping.init(commandLine:))
    var requests: [DeviceRequest] = []
    if let gpus { requests.append(try DeviceRequest(gpus: gpus)) }
    if !names.isEmpty { requests.append(DeviceRequest(names: names)) }
    resources.deviceRequests = requests.isEmpty ? nil : requests
    resources.deviceCgroupRules = deviceCgroupRule.isEmpty ? nil : deviceCgroupRule
    resources.memory = try Self.size(memory, "-m, --memory")
    resources.memoryReservation = try Self.size(memoryReservation, "--memory-reservation")
    resources.memorySwap = memorySwap == "-1" ? -1 : try Self.size(memorySwap, "--memory-swap")
    resources.memorySwappiness = memorySwappiness
    resources.oomKillDisable = oomKillDisable
    resources.pidsLimit = pidsLimit
    resources.ulimits = try Self.map(ulimit, Ulimit.init(commandLine:))
    return resources
  }

  /// Bytes of `/dev/shm`; 0: the daemon's choice.
  func shmBytes() throws(ClientError) -> Int64 { try Self.size(shmSize, "--shm-size") }

  static func nanoCPUs(_ cpus: String) throws(ClientError) -> Int64 {
    guard let value = Processors.nano(cpus) else {
      throw .usage("invalid argument \"\(cpus)\" for \"--cpus\" flag: failed to parse \(cpus) as a rational number")
    }
    return value
  }

  static func size(_ text: String, _ flag: String) throws(ClientError) -> Int64 {
    do { return try ByteSize.binary(text) } catch {
      throw .usage("invalid argument \"\(text)\" for \"\(flag)\" flag: \(error)")
    }
  }

  private static func map<Value>(
    _ texts: [String], _ parse: (String) throws(ClientError) -> Value
  ) throws(ClientError) -> [Value] {
    var values: [Value] = []
    for text in texts { values.append(try parse(text)) }
    return values
  }
}
