import JSON
import OCIRuntimeSpec
import Testing

@testable import Cgroups

/// `file=value` of every write.
private func writes(_ controller: any CgroupController.Type, _ json: String, _ version: CgroupVersion) throws
  -> [String]
{
  try controller.settings(for: LinuxResources(jsonText: Array(json.utf8)), version: version)
    .map { "\($0.file)=\($0.value)" }
}

@Suite("What the controllers write")
struct ControllerTests {
  @Test(arguments: [
    (#"{"pids":{"limit":7}}"#, "pids.max=7"), (#"{"pids":{"limit":-1}}"#, "pids.max=max"),
    (#"{"pids":{"limit":0}}"#, "pids.max=max"),
  ])
  func pids(json: String, write: String) throws {
    #expect(try writes(PidsController.self, json, .v1) == [write])
    #expect(try writes(PidsController.self, json, .v2) == [write])
  }

  @Test(arguments: [
    (#"{"memory":{"limit":100,"swap":300}}"#, ["memory.limit_in_bytes=100", "memory.memsw.limit_in_bytes=300"]),
    (#"{"memory":{"limit":-1}}"#, ["memory.limit_in_bytes=-1", "memory.memsw.limit_in_bytes=-1"]),
    (
      #"{"memory":{"limit":100,"swap":0,"reservation":50}}"#,
      ["memory.limit_in_bytes=100", "memory.soft_limit_in_bytes=50"]
    ),
    (#"{"memory":{"swappiness":60,"disableOOMKiller":true}}"#, ["memory.swappiness=60", "memory.oom_control=1"]),
    (#"{"memory":{"disableOOMKiller":false,"kernelTCP":9,"kernel":-1}}"#, ["memory.kmem.tcp.limit_in_bytes=9"]),
  ])
  func memoryV1(json: String, expected: [String]) throws {
    #expect(try writes(MemoryController.self, json, .v1) == expected)
  }

  @Test(arguments: [
    (#"{"memory":{"limit":100,"swap":300}}"#, ["memory.swap.max=200", "memory.max=100"]),
    (#"{"memory":{"limit":100,"swap":100}}"#, ["memory.swap.max=0", "memory.max=100"]),
    (#"{"memory":{"limit":100,"swap":-1}}"#, ["memory.swap.max=max", "memory.max=100"]),
    (#"{"memory":{"limit":-1}}"#, ["memory.swap.max=max", "memory.max=max"]),
    (#"{"memory":{"reservation":50}}"#, ["memory.low=50"]),
  ])
  func memoryV2(json: String, expected: [String]) throws {
    #expect(try writes(MemoryController.self, json, .v2) == expected)
  }

  @Test(arguments: [
    (
      #"{"cpu":{"shares":512,"quota":50000,"period":100000}}"#,
      ["cpu.shares=512", "cpu.cfs_period_us=100000", "cpu.cfs_quota_us=50000"]
    ),
    (
      #"{"cpu":{"quota":-1,"burst":7,"idle":1,"shares":5}}"#,
      ["cpu.shares=5", "cpu.idle=1", "cpu.cfs_burst_us=7", "cpu.cfs_quota_us=-1"]
    ),
    (
      #"{"cpu":{"idle":0,"shares":5,"realtimeRuntime":3,"realtimePeriod":9}}"#,
      ["cpu.idle=0", "cpu.shares=5", "cpu.rt_period_us=9", "cpu.rt_runtime_us=3"]
    ),
  ])
  func cpuV1(json: String, expected: [String]) throws {
    #expect(try writes(CPUController.self, json, .v1) == expected)
  }

  @Test(arguments: [
    (#"{"cpu":{"quota":50000,"period":100000}}"#, ["cpu.max=50000 100000"]),
    (#"{"cpu":{"quota":-1}}"#, ["cpu.max=max 100000"]), (#"{"cpu":{"period":5000}}"#, ["cpu.max=max 5000"]),
    (#"{"cpu":{"shares":1024,"burst":7}}"#, ["cpu.weight=100", "cpu.max.burst=7"]),
  ])
  func cpuV2(json: String, expected: [String]) throws {
    #expect(try writes(CPUController.self, json, .v2) == expected)
  }

  @Test(arguments: [(2, 1), (1, 1), (1024, 100), (262_144, 10_000), (1 << 40, 10_000), (512, 59), (2048, 174)])
  func sharesBecomeWeights(shares: UInt64, weight: UInt64) {
    #expect(CPUController.weight(ofShares: shares) == weight)
  }

  @Test func rates() throws {
    let json = #"{"blockIO":{"weight":0,"throttleReadBpsDevice":[{"major":8,"minor":0,"rate":600}]}}"#
    #expect(try writes(BlkioController.self, json, .v1) == ["blkio.throttle.read_bps_device=8:0 600"])
    #expect(try writes(IOController.self, json, .v1) == [])
    #expect(try writes(IOController.self, json, .v2) == ["io.max=8:0 rbps=600"])
    #expect(try writes(BlkioController.self, json, .v2) == [])
  }

  @Test(arguments: [(10, 1), (100, 910), (1000, 10_000)])
  func blkioWeightsBecomeWeights(weight: UInt16, expected: Int) {
    #expect(IOController.weight(ofBlkioWeight: weight) == expected)
  }

  @Test func hugePagesAndRdma() throws {
    let json = #"{"hugepageLimits":[{"pageSize":"2MB","limit":4}],"rdma":{"mlx":{"hcaHandles":3,"hcaObjects":5}}}"#
    #expect(try writes(HugeTLBController.self, json, .v1) == ["hugetlb.2MB.limit_in_bytes=4"])
    #expect(try writes(HugeTLBController.self, json, .v2) == ["hugetlb.2MB.max=4"])
    #expect(try writes(RdmaController.self, json, .v2) == ["rdma.max=mlx hca_handle=3 hca_object=5"])
  }

  @Test(
    arguments: [
      (#"{"memory":{"limit":-2}}"#, .v1, "memory.limit"), (#"{"memory":{"limit":9,"swap":8}}"#, .v2, "memory.swap"),
      (#"{"memory":{"kernel":8}}"#, .v1, "memory.kernel"), (#"{"memory":{"swappiness":8}}"#, .v2, "memory.swappiness"),
      (#"{"memory":{"swappiness":101}}"#, .v1, "memory.swappiness"), (#"{"memory":{"swap":8}}"#, .v2, "memory.swap"),
      (#"{"memory":{"disableOOMKiller":true}}"#, .v2, "memory.disableOOMKiller"),
      (#"{"cpu":{"realtimeRuntime":8}}"#, .v2, "cpu.realtimeRuntime"), (#"{"cpu":{"idle":2}}"#, .v1, "cpu.idle"),
      (#"{"cpu":{"cpus":"0;1"}}"#, .v1, "cpu.cpus"), (#"{"network":{"classID":1}}"#, .v2, "network.classID"),
      (#"{"blockIO":{"weight":5}}"#, .v1, "blockIO.weight"), (#"{"rdma":{"a b":{}}}"#, .v1, "rdma.a b"),
    ] as [(String, CgroupVersion, String)])
  func refusesWithThePath(json: String, version: CgroupVersion, path: String) throws {
    let resources = try LinuxResources(jsonText: Array(json.utf8))
    let controllers: [any CgroupController.Type] = [
      MemoryController.self, CPUController.self, CPUSetController.self, BlkioController.self,
      NetworkClassController.self,
      RdmaController.self,
    ]
    let error = #expect(throws: CgroupError.self) {
      for controller in controllers { _ = try controller.settings(for: resources, version: version) }
    }
    #expect(error?.path == "linux.resources.\(path)")
  }
}
