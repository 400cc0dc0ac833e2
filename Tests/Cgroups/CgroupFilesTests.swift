import JSON
import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

@testable import Cgroups

/// A folder with the files of a group, removed at the end.
private func withGroup(
  _ files: [String: String], _ version: CgroupVersion, _ controllers: [String],
  _ body: (Cgroup, (String) throws -> String) throws -> Void
) throws {
  var template = Array("/tmp/proa-cgroups-XXXXXX".utf8CString)
  let path = try #require(mkdtemp(&template).map { String(cString: $0) })
  defer { #expect(throws: Never.self) { try Directory.removeTree(path) } }
  for (name, content) in files {
    try AtomicFile.write(Array(content.utf8), to: "\(path)/\(name)", durability: .visible)
  }
  let folder = Cgroup.Folder(version: version, controllers: controllers, path: path, mountPoint: nil)
  try body(Cgroup(folders: [folder])) { String(decoding: try AtomicFile.read("\(path)/\($0)"), as: UTF8.self) }
}

private func resources(_ json: String) throws -> LinuxResources { try LinuxResources(jsonText: Array(json.utf8)) }

@Suite("Files of a group")
struct CgroupFilesTests {
  @Test func limitsAreWritten() throws {
    let files = ["memory.max": "", "memory.swap.max": "", "pids.max": "", "memory.high": ""]
    try withGroup(files, .v2, ["memory", "pids"]) { cgroup, content in
      let json = #"{"memory":{"limit":4096,"swap":8192},"pids":{"limit":5},"unified":{"memory.high":"77"}}"#
      try cgroup.apply(CgroupLimits(resources(json), for: cgroup, includingDevices: false))
      #expect(try content("memory.max") == "4096")
      #expect(try content("memory.swap.max") == "4096")
      #expect(try content("pids.max") == "5")
      #expect(try content("memory.high") == "77")
    }
  }

  @Test func aMissingFileIsNamedWithItsPlaceInTheConfiguration() throws {
    try withGroup([:], .v2, ["memory", "pids"]) { cgroup, _ in
      let limits = try CgroupLimits(resources(#"{"memory":{"limit":1}}"#), for: cgroup, includingDevices: false)
      let error = #expect(throws: CgroupError.self) { try cgroup.apply(limits) }
      #expect(error?.path == "linux.resources.memory.limit")
    }
  }

  @Test func aDefaultNeedsNoFile() throws {
    try withGroup(["memory.max": ""], .v2, ["memory"]) { cgroup, content in
      try cgroup.apply(
        CgroupLimits(resources(#"{"memory":{"limit":9,"swap":-1}}"#), for: cgroup, includingDevices: false))
      #expect(try content("memory.max") == "9")
    }
  }

  @Test(arguments: [
    (#"{"pids":{"limit":5}}"#, "linux.resources.pids.limit"),
    (#"{"unified":{"cpu.weight":"5"}}"#, #"linux.resources.unified["cpu.weight"]"#),
    (#"{"unified":{"memory/x":"5"}}"#, #"linux.resources.unified["memory/x"]"#),
    (#"{"hugepageLimits":[{"pageSize":"2MB","limit":4}]}"#, "linux.resources.hugepageLimits[0]"),
  ])
  func aMissingControllerIsFoundBeforeAnythingIsMade(json: String, path: String) throws {
    try withGroup([:], .v2, ["memory"]) { cgroup, _ in
      let error = #expect(throws: CgroupError.self) { try CgroupLimits(resources(json), for: cgroup) }
      #expect(error?.path == path)
    }
  }

  @Test func usageAboveTheNewLimitIsRefusedWhenAsked() throws {
    try withGroup(["memory.max": "", "memory.current": "500\n"], .v2, ["memory"]) { cgroup, content in
      let json = #"{"memory":{"limit":499,"checkBeforeUpdate":true}}"#
      let limits = try CgroupLimits(resources(json), for: cgroup, includingDevices: false)
      #expect(throws: CgroupError.self) { try cgroup.apply(limits) }
      #expect(try content("memory.max") == "")
    }
  }

  @Test func killsAreCounted() throws {
    let v1 = ["memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n"]
    try withGroup(v1, .v1, ["memory"]) { cgroup, _ in
      let kills = try cgroup.outOfMemoryKills()
      #expect(kills == 3)
    }
    let v2 = ["memory.events": "low 0\nmax 9\noom 2\noom_kill 4\n"]
    try withGroup(v2, .v2, ["memory"]) { cgroup, _ in
      let kills = try cgroup.outOfMemoryKills()
      #expect(kills == 4)
    }
  }

  @Test func joiningSkipsTheTreeOfBirth() throws {
    try withGroup(["cgroup.procs": ""], .v2, []) { cgroup, content in
      try cgroup.join(42, skippingUnified: true)
      #expect(try content("cgroup.procs") == "")
      try cgroup.join(42)
      #expect(try content("cgroup.procs") == "42")
    }
  }

  @Test(arguments: [
    ("FROZEN\n", CgroupFreezerState.frozen), ("FREEZING\n", .freezing), ("THAWED\n", .thawed),
  ])
  func freezerStates(content: String, state: CgroupFreezerState) throws {
    try withGroup(["freezer.state": content], .v1, ["freezer"]) { cgroup, _ in
      let found = try cgroup.freezerState()
      #expect(found == state)
    }
  }

  @Test func v1DevicesAreWrittenAsADifference() throws {
    try withGroup(["devices.list": "a *:* rwm\n", "devices.deny": "", "devices.allow": ""], .v1, ["devices"]) {
      cgroup, content in
      try cgroup.apply(try deviceRules(["allow c 1:3 rw"]))
      #expect(try content("devices.deny") == "a")
      #expect(try content("devices.allow") == "c 1:3 rw")
    }
    try withGroup(["devices.list": "c 1:5 r\nc 1:3 rw\n", "devices.deny": "", "devices.allow": ""], .v1, ["devices"]) {
      cgroup, content in
      try cgroup.apply(try deviceRules(["allow c 1:3 rw"]))
      #expect(try content("devices.deny") == "c 1:5 r")
    }
  }
}
