import Glibc
import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// The systemd cgroup driver. Needs root, and systemd as the machine's init (`hack/vm --systemd`), with any cgroups.
@Suite(.serialized, .enabled(if: access("/run/systemd/system", F_OK) == 0)) struct SystemdTests {
  private func sleeping(
    _ cgroupsPath: String? = nil, _ limits: String = "{}", _ body: (Bundle, String) throws -> Void
  ) throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "1000"]
    } _: { bundle in
      try bundle.configure { spec in
        spec.linux?.cgroupsPath = cgroupsPath?.replacing("ID", with: bundle.id)
        #expect(throws: Never.self) { try spec.limit(limits) }
      }
      let outcome = try bundle.runtime("--systemd-cgroup", "run", "--detach", "--bundle", bundle.folder, bundle.id)
      try #require(outcome.status == 0, "\(outcome.errors)")
      let unit = "proa-\(bundle.id).scope"
      try body(bundle, unit)
      let deleted = try bundle.runtime("delete", "--force", bundle.id)
      #expect(deleted.status == 0, "\(deleted.errors)")
      #expect(try show(unit)["LoadState"] == "not-found")
    }
  }

  /// What `systemctl show` says.
  private func show(_ unit: String) throws -> [String: String] {
    let outcome = try RuntimeProgram.run(["show", unit], program: "/bin/systemctl")
    var properties: [String: String] = [:]
    for line in outcome.lines {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { properties[String(parts[0])] = String(parts[1]) }
    }
    return properties
  }

  private func groups(of bundle: Bundle) throws -> [String] {
    let text = String(decoding: try AtomicFile.read("/proc/\(try bundle.initPID())/cgroup"), as: UTF8.self)
    return text.split(separator: "\n").map { String($0.split(separator: ":", omittingEmptySubsequences: false)[2]) }
  }

  @Test(
    arguments: [
      (nil, "/system.slice/"), ("proatest-inner.slice:proa:ID", "/proatest.slice/proatest-inner.slice/"),
    ] as [(String?, String)])
  func aContainerIsAScope(cgroupsPath: String?, slice: String) throws {
    try sleeping(cgroupsPath) { bundle, unit in
      #expect(Set(try groups(of: bundle)) == ["\(slice)\(unit)"])
      let properties = try show(unit)
      #expect(properties["ActiveState"] == "active" && properties["Delegate"] == "yes")
      #expect(properties["ControlGroup"] == "\(slice)\(unit)")
      #expect(try bundle.status == "running")
    }
  }

  @Test func limitsAreItsProperties() throws {
    let limits = #"""
      {"memory":{"limit":67108864,"reservation":33554432},"pids":{"limit":17},
       "cpu":{"quota":33333,"period":100000,"shares":2048,"cpus":"0"}}
      """#
    try sleeping(nil, limits) { bundle, unit in
      let properties = try show(unit)
      #expect(properties[Bundle.isUnified ? "MemoryMax" : "MemoryLimit"] == "67108864")
      #expect(properties["TasksMax"] == "17" && properties["AllowedCPUs"] == "0")
      #expect(properties["CPUQuotaPerSecUSec"] == "340ms" && properties["DevicePolicy"] == "strict")
      #expect(properties[Bundle.isUnified ? "CPUWeight" : "CPUShares"] == (Bundle.isUnified ? "174" : "2048"))
      #expect(!Bundle.isUnified || properties["MemoryLow"] == "33554432")
      // The kernel has them exactly, where systemd has hundredths.
      let quota = try file("cpu", v1: "cpu.cfs_quota_us", v2: "cpu.max", unit)
      #expect(quota == (Bundle.isUnified ? "33333 100000" : "33333"))
    }
  }

  private func file(_ controller: String, v1: String, v2: String, _ unit: String) throws -> String {
    let path = Bundle.isUnified ? "system.slice/\(unit)/\(v2)" : "\(controller)/system.slice/\(unit)/\(v1)"
    return String(decoding: try AtomicFile.read("/sys/fs/cgroup/\(path)").dropLast(), as: UTF8.self)
  }

  @Test func anUpdateIsToldToSystemd() throws {
    try sleeping(nil, #"{"memory":{"limit":67108864},"pids":{"limit":17}}"#) { bundle, unit in
      let updated = try bundle.runtime("update", "--memory", "32m", "--cpu-quota", "55555", bundle.id)
      #expect(updated.status == 0, "\(updated.errors)")
      let properties = try show(unit)
      #expect(properties[Bundle.isUnified ? "MemoryMax" : "MemoryLimit"] == "33554432")
      #expect(properties["CPUQuotaPerSecUSec"] == "560ms" && properties["TasksMax"] == "17")
      let reloaded = try RuntimeProgram.run(["daemon-reload"], program: "/bin/systemctl")
      #expect(reloaded.status == 0)
      let limit = try file("memory", v1: "memory.limit_in_bytes", v2: "memory.max", unit)
      #expect(limit == "33554432")
      // What systemd puts into force again leaves the container its devices.
      let used = try bundle.runtime("exec", bundle.id, "/bin/sh", "-c", ": < /dev/zero && : > /dev/null && echo both")
      #expect(used.output == "both\n", "\(used.errors)")
    }
  }

  @Test func aRefusedUpdateChangesNeither() throws {
    try sleeping(nil, #"{"memory":{"limit":67108864}}"#) { bundle, unit in
      let refused = try bundle.runtime("update", "--memory", "32m", "--cpuset-cpus", "4096", bundle.id)
      #expect(refused.status == 1)
      #expect(try show(unit)[Bundle.isUnified ? "MemoryMax" : "MemoryLimit"] == "67108864")
    }
  }

  @Test func annotationsAreItsPropertiesToo() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "1000"]
      $0.annotations = ["org.systemd.property.TimeoutStopSec": "7", "org.systemd.property.After": "['dbus.service']"]
    } _: { bundle in
      try bundle.configure { $0.linux?.cgroupsPath = nil }
      let outcome = try bundle.runtime("--systemd-cgroup", "run", "--detach", "--bundle", bundle.folder, bundle.id)
      try #require(outcome.status == 0, "\(outcome.errors)")
      let properties = try show("proa-\(bundle.id).scope")
      #expect(properties["TimeoutStopUSec"] == "7s" && properties["After"]?.contains("dbus.service") == true)
    }
  }

  @Test func aNameThatIsTakenIsRefusedAndLeftAlone() throws {
    try sleeping { first, unit in
      try Bundle.with { second in
        try second.configure { $0.linux?.cgroupsPath = "system.slice:proa:\(first.id)" }
        let outcome = try second.runtime("--systemd-cgroup", "run", "--bundle", second.folder, second.id)
        #expect(outcome.status != 0 && outcome.errors.contains(unit), "\(outcome.errors)")
      }
      #expect(try first.status == "running")
      #expect(try show(unit)["ActiveState"] == "active")
    }
  }

  @Test func aFailedStartLeavesNoScope() throws {
    try Bundle.with {
      $0.process?.args = ["/no/such/program"]
    } _: { bundle in
      try bundle.configure { $0.linux?.cgroupsPath = nil }
      let outcome = try bundle.runtime("--systemd-cgroup", "run", "--bundle", bundle.folder, bundle.id)
      #expect(outcome.status != 0)
      #expect(try show("proa-\(bundle.id).scope")["LoadState"] == "not-found")
    }
  }

  @Test func theContainersEndIsTheScopes() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/true"]
    } _: { bundle in
      try bundle.configure { $0.linux?.cgroupsPath = nil }
      let outcome = try bundle.runtime("--cgroup-manager=systemd", "run", "--bundle", bundle.folder, bundle.id)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try show("proa-\(bundle.id).scope")["LoadState"] == "not-found")
    }
  }

  @Test func pausingAndKilling() throws {
    try sleeping { bundle, _ in
      for (command, state) in [("pause", "paused"), ("resume", "running")] {
        #expect(try bundle.runtime(command, bundle.id).status == 0)
        #expect(try bundle.status == state)
      }
      #expect(try bundle.runtime("kill", "--all", bundle.id, "KILL").status == 0)
      try bundle.waitFor("stopped")
    }
  }
}

/// Who keeps containers, where that cannot be.
@Suite(.serialized) struct CgroupManagerTests {
  private func run(_ options: [String], _ change: (inout Spec) -> Void = { _ in }) throws -> RuntimeProgram.Outcome {
    var outcome: RuntimeProgram.Outcome?
    try Bundle.with {
      $0.process?.args = ["/bin/cat", "/proc/self/cgroup"]
      $0.linux?.cgroupsPath = nil
      change(&$0)
    } _: { bundle in
      let run = ["--root", bundle.root] + options + ["run", "--bundle", bundle.folder, bundle.id]
      outcome = try RuntimeProgram.run(run)
    }
    return try #require(outcome)
  }

  @Test(
    .enabled(if: access("/run/systemd/system", F_OK) != 0),
    arguments: [
      ["--systemd-cgroup"], ["--cgroup-manager", "systemd"],
    ]) func withoutSystemdItSaysSo(options: [String]) throws
  {
    let outcome = try run(options)
    #expect(outcome.status == 1 && outcome.errors.contains("the systemd cgroup driver needs systemd: neither "))
  }

  @Test(
    arguments: [
      (["--cgroup-manager", "nobody"], "none of cgroupfs, systemd and disabled"),
      (["--systemd-cgroup", "--cgroup-manager", "cgroupfs"], "exclude each other"),
    ] as [([String], String)]) func optionsThatMakeNoSense(options: [String], reason: String) throws
  {
    let outcome = try run(options)
    #expect(outcome.status == 1 && outcome.errors.contains(reason), "\(outcome.errors)")
  }

  @Test func aPathHasToFitItsManager() throws {
    let systemd = try run(["--systemd-cgroup"]) { $0.linux?.cgroupsPath = "/a/b" }
    #expect(systemd.status == 1 && systemd.errors.contains("slice:prefix:name"), "\(systemd.errors)")
    let files = try run([]) { $0.linux?.cgroupsPath = "a.slice:b:c" }
    #expect(files.status == 1 && files.errors.contains("--systemd-cgroup"), "\(files.errors)")
  }
}
