import Glibc
import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Limits that the kernel enforces. Needs root; for v1 or hybrid hierarchies and for v2.
@Suite(.serialized) struct CgroupTests {
  /// Runs a shell script under `limits`.
  private func shell(_ script: String, _ limits: String) throws -> RuntimeProgram.Outcome {
    var outcome: RuntimeProgram.Outcome?
    try Bundle.with {
      $0.process?.args = ["/bin/busybox", "sh", "-c", script]
    } _: { bundle in
      try bundle.configure { spec in #expect(throws: Never.self) { try spec.limit(limits) } }
      outcome = try bundle.run()
    }
    return try #require(outcome)
  }

  @Test func limitsAreInTheKernelsFiles() throws {
    let limits = #"""
      {"memory":{"limit":67108864,"reservation":33554432},"pids":{"limit":17},
       "cpu":{"quota":30000,"period":60000,"shares":2048,"cpus":"0"}}
      """#
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { bundle in
      try bundle.configure { spec in #expect(throws: Never.self) { try spec.limit(limits) } }
      try bundle.start()
      let memory = try bundle.group("memory", v1: "memory.limit_in_bytes", v2: "memory.max")
      #expect(memory == "67108864")
      let reserved = try bundle.group("memory", v1: "memory.soft_limit_in_bytes", v2: "memory.low")
      #expect(reserved == "33554432")
      let pids = try bundle.group("pids", v1: "pids.max", v2: "pids.max")
      #expect(pids == "17")
      let quota = try bundle.group("cpu", v1: "cpu.cfs_quota_us", v2: "cpu.max")
      #expect(quota == (Bundle.isUnified ? "30000 60000" : "30000"))
      let weight = try bundle.group("cpu", v1: "cpu.shares", v2: "cpu.weight")
      #expect(weight == (Bundle.isUnified ? "174" : "2048"))
      let processors = try bundle.group("cpuset", v1: "cpuset.cpus", v2: "cpuset.cpus")
      #expect(processors == "0")
    }
  }

  @Test func aMemoryHogIsKilled() throws {
    let outcome = try shell(
      "exec busybox dd if=/dev/zero of=/dev/null bs=64M count=1", #"{"memory":{"limit":16777216,"swap":16777216}}"#)
    #expect(outcome.status == 137)
  }

  @Test func theLimitOfProcessesIsHit() throws {
    let outcome = try shell(
      "for i in 1 2 3 4 5 6 7 8; do busybox sleep 1 & done; echo reached", #"{"pids":{"limit":5}}"#)
    #expect(outcome.errors.contains("can't fork"))
    #expect(!outcome.output.contains("reached"))
  }

  @Test func theQuotaOfProcessorTimeThrottles() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/busybox", "sh", "-c", "while :; do :; done"]
    } _: { bundle in
      try bundle.configure { spec in
        #expect(throws: Never.self) { try spec.limit(#"{"cpu":{"quota":5000,"period":50000}}"#) }
      }
      try bundle.start()
      let deadline = Deadline(afterMilliseconds: 20_000)
      while try !bundle.group("cpu", v1: "cpu.stat", v2: "cpu.stat").contains(#/nr_throttled [1-9]/#) {
        try #require(!deadline.hasPassed, "never throttled")
        deadline.pause(milliseconds: 20)
      }
    }
  }

  /// A character device that no driver has: what is allowed fails all the same, but not for lack of permission.
  @Test(arguments: [
    ([], false), (["r"], true), (["w"], false), (["rw", "-r"], false), (["rwm", "-m"], true),
  ])
  func devices(access: [String], isAllowed: Bool) throws {
    try Bundle.with { spec in
      spec.process?.args = ["/bin/busybox", "sh", "-c", "busybox cat /device; : > /dev/null && echo null"]
      spec.linux?.resources?.devices += access.map { letters in
        var rule = LinuxDeviceCgroup()
        rule.allow = !letters.hasPrefix("-")
        (rule.type, rule.major, rule.minor) = ("c", 240, 7)
        rule.access = letters.filter { $0 != "-" }
        return rule
      }
    } _: { bundle in
      try #require(mknod("\(bundle.folder)/rootfs/device", S_IFCHR | 0o666, dev_t(240 << 8 | 7)) == 0)
      let outcome = try bundle.run()
      #expect(outcome.output == "null\n")
      #expect(outcome.errors.contains(isAllowed ? "No such device" : "Operation not permitted"))
    }
  }

  @Test(arguments: [
    ("linux.cgroupsPath", "/a/../b", "{}"), ("linux.cgroupsPath", "system.slice:proa:x", "{}"),
    ("linux.resources.cpu.cpus", nil, #"{"cpu":{"cpus":"4096"}}"#),
    ("linux.resources.memory.swap", nil, #"{"memory":{"limit":8192,"swap":4096}}"#),
  ])
  func impossibleLimitsAreNamed(path: String, cgroupsPath: String?, limits: String) throws {
    try Bundle.with { bundle in
      try bundle.configure { spec in
        if let cgroupsPath { spec.linux?.cgroupsPath = cgroupsPath }
        #expect(throws: Never.self) { try spec.limit(limits) }
      }
      let outcome = try bundle.run()
      #expect(outcome.status != 0)
      #expect(outcome.errors.contains(path))
    }
  }

  @Test func aGroupWithProcessesIsNotShared() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { first in
      try first.start()
      try Bundle.with {
        $0.linux?.cgroupsPath = "/\(first.id)"
      } _: { second in
        let outcome = try second.run()
        #expect(outcome.status != 0)
        #expect(outcome.errors.contains("not empty"))
      }
      #expect(try first.status == "running")
    }
  }

  /// Processes that leave their parents and ignore signals: the group finds them, and the fixture that nothing is left.
  @Test func everyProcessIsKilled() throws {
    let stubborn = "busybox setsid busybox sh -c 'trap \"\" TERM; while :; do :; done'"
    let script = "trap '' TERM; for i in 1 2 3 4 5; do (\(stubborn) &); done; busybox sleep 100"
    try Bundle.with { spec in
      spec.process?.args = ["/bin/busybox", "sh", "-c", script]
      spec.linux?.namespaces.removeAll { $0.type == .pid }
    } _: { bundle in
      try bundle.start()
      let deadline = Deadline(afterMilliseconds: 20_000)
      while try bundle.group("pids", v1: "pids.current", v2: "pids.current") != "6" {
        try #require(!deadline.hasPassed, "not all started")
        deadline.pause(milliseconds: 20)
      }
      #expect(try bundle.runtime("delete", "--force", bundle.id).status == 0)
    }
  }
}
