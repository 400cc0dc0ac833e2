internal import ArgumentParser
internal import EngineAPI

/// Options about what can be changed of a container that exists.
struct UpdateOptions: ParsableArguments {
  @Option(name: .long, help: "Limit CPU CFS (Completely Fair Scheduler) period")
  var cpuPeriod: Int64 = 0
  @Option(name: .long, parsing: .unconditional, help: "Limit CPU CFS (Completely Fair Scheduler) quota")
  var cpuQuota: Int64 = 0
  @Option(name: .long, help: "Limit the CPU real-time period in microseconds")
  var cpuRtPeriod: Int64 = 0
  @Option(name: .long, help: "Limit the CPU real-time runtime in microseconds")
  var cpuRtRuntime: Int64 = 0
  @Option(name: [.short, .long], help: "CPU shares (relative weight)")
  var cpuShares: Int64 = 0
  @Option(name: .long, help: "Number of CPUs")
  var cpus = "0"
  @Option(name: .long, help: "CPUs in which to allow execution (0-3, 0,1)")
  var cpusetCpus = ""
  @Option(name: .long, help: "MEMs in which to allow execution (0-3, 0,1)")
  var cpusetMems = ""
  @Option(name: [.short, .long], parsing: .unconditional, help: "Memory limit")
  var memory = "0"
  @Option(name: .long, parsing: .unconditional, help: "Memory soft limit")
  var memoryReservation = "0"
  @Option(
    name: .long, parsing: .unconditional, help: "Swap limit equal to memory plus swap: '-1' to enable unlimited swap")
  var memorySwap = "0"
  @Option(name: .long, parsing: .unconditional, help: "Tune container pids limit (set -1 for unlimited)")
  var pidsLimit: Int64?
  @Option(name: .long, help: "Restart policy to apply when a container exits")
  var restart: String?

  /// - Throws: ``ClientError/usage(_:)`` in Docker's words.
  func update() throws(ClientError) -> ContainerUpdateRequest {
    var update = ContainerUpdateRequest()
    update.resources.cpuPeriod = cpuPeriod
    update.resources.cpuQuota = cpuQuota
    update.resources.cpuRealtimePeriod = cpuRtPeriod
    update.resources.cpuRealtimeRuntime = cpuRtRuntime
    update.resources.cpuShares = cpuShares
    update.resources.nanoCPUs = try ResourceOptions.nanoCPUs(cpus)
    update.resources.cpusetCPUs = cpusetCpus
    update.resources.cpusetMems = cpusetMems
    update.resources.memory = try ResourceOptions.size(memory, "-m, --memory")
    update.resources.memoryReservation = try ResourceOptions.size(memoryReservation, "--memory-reservation")
    update.resources.memorySwap = memorySwap == "-1" ? -1 : try ResourceOptions.size(memorySwap, "--memory-swap")
    update.resources.pidsLimit = pidsLimit
    if let restart { update.restartPolicy = try RestartPolicy(commandLine: restart) }
    return update
  }
}
