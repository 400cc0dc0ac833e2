import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Limits that change while the container runs. Needs root; for v1 or hybrid hierarchies and for v2.
@Suite(.serialized) struct UpdateTests {
  private func limited(_ limits: String = "{}", _ body: (Bundle) throws -> Void) throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { bundle in
      try bundle.configure { spec in #expect(throws: Never.self) { try spec.limit(limits) } }
      try bundle.start()
      try body(bundle)
    }
  }

  private func update(_ bundle: Bundle, _ options: [String], input: String = "") throws -> RuntimeProgram.Outcome {
    try RuntimeProgram.run(["--root", bundle.root, "update"] + options + [bundle.id], input: input)
  }

  private func memory(_ bundle: Bundle) throws -> String {
    try bundle.group("memory", v1: "memory.limit_in_bytes", v2: "memory.max")
  }

  /// Memory and swap; v2 has swap alone.
  private func swap(_ bundle: Bundle) throws -> Int64? {
    Int64(try bundle.group("memory", v1: "memory.memsw.limit_in_bytes", v2: "memory.swap.max"))
  }

  @Test(
    arguments: [
      (["--memory", "64M"], "memory", "memory.limit_in_bytes", "67108864", "memory.max", "67108864"),
      (["--memory-reservation", "1m"], "memory", "memory.soft_limit_in_bytes", "1048576", "memory.low", "1048576"),
      (["--cpu-share", "2048"], "cpu", "cpu.shares", "2048", "cpu.weight", "174"),
      (["--cpu-quota", "30000", "--cpu-period=60000"], "cpu", "cpu.cfs_quota_us", "30000", "cpu.max", "30000 60000"),
      (["--cpu-period", "50000"], "cpu", "cpu.cfs_period_us", "50000", "cpu.max", "max 50000"),
      (
        ["--cpu-quota", "30000", "--cpu-burst", "1000"], "cpu", "cpu.cfs_burst_us", "1000", "cpu.max.burst", "1000"
      ),
      (["--cpu-idle", "1"], "cpu", "cpu.idle", "1", "cpu.idle", "1"),
      (["--cpuset-cpus", "0"], "cpuset", "cpuset.cpus", "0", "cpuset.cpus", "0"),
      (["--cpuset-mems", "0"], "cpuset", "cpuset.mems", "0", "cpuset.mems", "0"),
      (["--pids-limit", "33"], "pids", "pids.max", "33", "pids.max", "33"),
    ] as [([String], String, String, String, String, String)])
  func everyFlagReachesTheKernel(
    _ options: [String], _ controller: String, _ v1: String, _ value1: String, _ v2: String, _ value2: String
  ) throws {
    try limited { bundle in
      let outcome = try update(bundle, options)
      try #require(outcome.status == 0, "\(outcome.errors)")
      #expect(try bundle.group(controller, v1: v1, v2: v2) == (Bundle.isUnified ? value2 : value1))
    }
  }

  @Test func limitsComeFromAFileAndFromTheStandardInput() throws {
    try limited { bundle in
      let file = "\(bundle.folder)/limits.json"
      try AtomicFile.write(Array(#"{"memory":{"limit":50331648},"pids":{"limit":9}}"#.utf8), to: file)
      #expect(try update(bundle, ["-r", file]).status == 0)
      #expect(try memory(bundle) == "50331648")
      let input = try update(bundle, ["--resources", "-", "--pids-limit", "7"], input: #"{"pids":{"limit":8}}"#)
      #expect(input.status == 0, "\(input.errors)")
      #expect(try bundle.group("pids", v1: "pids.max", v2: "pids.max") == "8")
      #expect(try memory(bundle) == "50331648")
    }
  }

  /// Each needs what the other or the configuration said before: swap alone is a difference, a quota has a period.
  @Test func laterUpdatesKnowEarlierOnes() throws {
    try limited(#"{"memory":{"limit":33554432,"swap":33554432},"cpu":{"period":60000}}"#) { bundle in
      #expect(try update(bundle, ["--memory-swap", "64m"]).status == 0)
      #expect(try swap(bundle) == (Bundle.isUnified ? 33_554_432 : 67_108_864))
      #expect(try update(bundle, ["--memory", "48m"]).status == 0)
      #expect(try memory(bundle) == "50331648")
      #expect(try swap(bundle) == (Bundle.isUnified ? 16_777_216 : 67_108_864))
      #expect(try update(bundle, ["--memory", "128m", "--memory-swap", "128m"]).status == 0)
      #expect(try memory(bundle) == "134217728")
      #expect(try update(bundle, ["--cpu-quota", "30000"]).status == 0)
      #expect(
        try bundle.group("cpu", v1: "cpu.cfs_period_us", v2: "cpu.max") == (Bundle.isUnified ? "30000 60000" : "60000"))
      let kept = try Spec(jsonText: AtomicFile.read("\(bundle.root)/\(bundle.id)/config.json")).linux?.resources
      #expect(kept?.memory?.limit == 134_217_728 && kept?.cpu?.quota == 30_000 && kept?.cpu?.period == 60_000)
    }
  }

  @Test func memoryIsUnlimitedAgain() throws {
    try limited(#"{"memory":{"limit":33554432,"swap":33554432}}"#) { bundle in
      let outcome = try update(bundle, ["--memory", "-1"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try memory(bundle) == (Bundle.isUnified ? "max" : "9223372036854771712"))
    }
  }

  /// The processor that is not there is refused by the kernel, after the limit of memory was set.
  @Test func whatIsRefusedHalfwayIsPutBack() throws {
    try limited(#"{"memory":{"limit":33554432},"pids":{"limit":20}}"#) { bundle in
      let before = try AtomicFile.read("\(bundle.root)/\(bundle.id)/config.json")
      let limits = #"{"cpu":{"mems":"0"},"memory":{"limit":67108864},"cpu":{"quota":1,"shares":7},"pids":{"limit":5}}"#
      let outcome = try update(bundle, ["-r", "-"], input: limits)
      #expect(outcome.status == 1 && outcome.errors.contains("linux.resources.cpu.quota"), "\(outcome.errors)")
      #expect(try memory(bundle) == "33554432")
      #expect(try bundle.group("pids", v1: "pids.max", v2: "pids.max") == "20")
      #expect(
        try bundle.group("cpu", v1: "cpu.shares", v2: "cpu.weight") == (Bundle.isUnified ? "100" : "1024"))
      #expect(try AtomicFile.read("\(bundle.root)/\(bundle.id)/config.json") == before)
    }
  }

  @Test(
    arguments: [
      (["--cpuset-cpus", "4096"], "linux.resources.cpu.cpus"), (["--cpuset-cpus", "zero"], "linux.resources.cpu.cpus"),
      (["--memory", "lots"], "invalid value for memory"), (["--memory", "8k", "--memory-swap", "4k"], "memory.swap"),
      (["--cpu-share", "-1"], "invalid value for cpu-share"), (["--blkio-weight", "5"], "blockIO.weight"),
      (["--l3-cache-schema", "L3:0=f"], "l3 cache schema and memory bandwidth schema are not enabled"),
      (["--kernel-memory", "1m"], "--kernel-memory: is not supported"), (["-r", "/not/there"], "/not/there"),
      (["-r", "/etc/passwd"], "--resources /etc/passwd"),
    ] as [([String], String)]) func refusals(_ options: [String], _ reason: String) throws
  {
    try limited { bundle in
      let outcome = try update(bundle, options)
      #expect(outcome.status == 1 && outcome.errors.contains(reason), "\(outcome.errors)")
    }
  }

  @Test func aStoppedContainerIsNotUpdated() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/true"]
    } _: { bundle in
      try bundle.start()
      try bundle.waitFor("stopped")
      let outcome = try update(bundle, ["--pids-limit", "5"])
      #expect(outcome.status == 1 && outcome.errors.contains("container not running"))
    }
  }
}
