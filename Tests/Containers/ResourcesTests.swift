import Testing

@testable import Containers

@Suite struct ResourcesTests {
  @Test func memoryAloneGetsAsMuchSwap() throws {
    var resources = Resources()
    resources.memory = 64 << 20
    try resources.validate()
    #expect(SpecResources.memory(resources)?.limit == 64 << 20)
    #expect(SpecResources.memory(resources)?.swap == 128 << 20)
  }

  @Test func fractionsOfProcessors() {
    var resources = Resources()
    resources.nanoCPUs = 1_500_000_000
    #expect(SpecResources.cpu(resources)?.quota == 150_000)
    #expect(SpecResources.cpu(resources)?.period == 100_000)
    resources.nanoCPUs = .max
    #expect(SpecResources.cpu(resources)?.quota == 922_337_203_685_477)
  }

  @Test func nothingAskedIsNothingSaid() {
    #expect(SpecResources.memory(Resources()) == nil)
    #expect(SpecResources.cpu(Resources()) == nil)
    #expect(SpecResources.pids(Resources()) == nil)
  }

  static let bad: [(String, @Sendable (inout Resources) -> Void)] = [
    ("6MB", { $0.memory = 4096 }),
    ("Memory limit when using Memoryswap", { $0.memorySwap = 64 << 20 }),
    ("memoryswap limit should be larger", { ($0.memory, $0.memorySwap) = (64 << 20, 32 << 20) }),
    ("less than memory reservation", { ($0.memory, $0.memoryReservation) = (32 << 20, 64 << 20) }),
    ("0-100", { $0.memorySwappiness = 101 }),
    ("CPU Period cannot both", { ($0.nanoCPUs, $0.cpuPeriod) = (1, 100_000) }),
    ("CPU Quota cannot both", { ($0.nanoCPUs, $0.cpuQuota) = (1, 100_000) }),
    ("blkio weight", { $0.blockIO.weight = 9 }),
    ("blkio weight", { $0.blockIO.weights = [.init(path: "/dev/x", value: 1001)] }),
    ("cannot be higher than cpu real-time period", { ($0.cpuRealtimePeriod, $0.cpuRealtimeRuntime) = (100, 1000) }),
    ("cannot be negative", { $0.cpuRealtimeRuntime = -1 }),
    ("cfs period", { $0.cpuPeriod = 10 }),
    ("cfs quota", { $0.cpuQuota = 10 }),
    ("cpuset cpus", { $0.cpusetCPUs = "3-1" }),
    ("cpuset mems", { $0.cpusetMemories = "x" }),
    ("invalid ulimit type", { $0.ulimits = [Ulimit(name: "files", soft: 1, hard: 1)] }),
    ("soft limit must be less", { $0.ulimits = [Ulimit(name: "nofile", soft: 2, hard: 1)] }),
  ]

  @Test(arguments: bad.indices)
  func refuses(index: Int) {
    var resources = Resources()
    Self.bad[index].1(&resources)
    #expect(performing: { try resources.validate() }, throws: { "\($0)".contains(Self.bad[index].0) })
  }

  @Test(arguments: [
    ("range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available", 0),
    ("Requested CPUs are not available - requested 0-63, available: 0-1", 1),
    ("Requested memory nodes are not available - requested 7, available: 0", 2),
  ])
  func refusesWhatTheMachineHasNot(message: String, index: Int) throws {
    var resources = Resources()
    resources.nanoCPUs = index == 0 ? 2_000_000_001 : 2_000_000_000
    resources.cpusetCPUs = index == 1 ? "0-63" : "0,1"
    resources.cpusetMemories = index == 2 ? "7" : "0"
    #expect(throws: ContainerError.invalid(message)) { try resources.validate(on: ServiceFixture.machine) }
  }

  @Test(arguments: [
    ("", true), ("0", true), ("0-3,7", true), ("3-1", false), ("1,", false), ("-1", false), ("a", false),
  ])
  func lists(text: String, isList: Bool) { #expect(Resources.isList(text) == isList) }

  @Test func infiniteUlimits() {
    var resources = Resources()
    resources.ulimits = [Ulimit(name: "nofile", soft: -1, hard: -1)]
    let limits = SpecResources.rlimits(resources)
    #expect(limits.first?.type == "RLIMIT_NOFILE")
    #expect(limits.first?.hard == .max)
  }
}
