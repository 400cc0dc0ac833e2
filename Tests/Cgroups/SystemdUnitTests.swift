import DBus
import JSON
import OCIRuntimeSpec
import Testing

@testable import Cgroups

@Suite("Scopes of systemd, as with runc")
struct SystemdUnitTests {
  @Test(
    arguments: [
      (nil, false, "proa-box.scope", "/system.slice/proa-box.scope"),
      ("", true, "proa-box.scope", "/user.slice/proa-box.scope"),
      (":crio:abc", false, "crio-abc.scope", "/system.slice/crio-abc.scope"),
      ("a-b-c.slice:p:x", false, "p-x.scope", "/a.slice/a-b.slice/a-b-c.slice/p-x.scope"),
      ("-.slice::x", false, "x.scope", "/x.scope"),
      (
        "kubepods-pod12_3.slice:cri-containerd:id", true, "cri-containerd-id.scope",
        "/kubepods.slice/kubepods-pod12_3.slice/cri-containerd-id.scope"
      ),
    ] as [(String?, Bool, String, String)])
  func names(cgroupsPath: String?, isUser: Bool, name: String, path: String) throws {
    let unit = try SystemdUnit(cgroupsPath, containerID: "box", isUser: isUser)
    #expect(unit.name == name)
    #expect(try unit.path() == path)
    #expect(try SystemdUnit(loading: unit.name).name == name)
  }

  @Test(arguments: [
    "/a/b", "a.slice:b", "a:b:c", "a.slice:b:c:d", "../a.slice:b:c", "a--b.slice:p:n", "-a.slice:p:n", ".slice:p:n",
    "a.slice:p:", "a.slice:p:x.slice", "a.slice:p:x/y", "a.slice:p:\(String(repeating: "x", count: 300))",
    "a.slice:p:x y", "..slice:p:n",
  ])
  func refusals(cgroupsPath: String) {
    let error = #expect(throws: CgroupError.self) { try SystemdUnit(cgroupsPath, containerID: "box", isUser: false) }
    #expect(error?.path == "linux.cgroupsPath")
  }

  @Test(arguments: ["", "x.service", "../x.scope", "a/b.scope"])
  func savedNamesThatAreNone(name: String) {
    #expect(throws: CgroupError.self) { try SystemdUnit(loading: name) }
  }
}

@Suite("Properties of scopes, as runc sets them")
struct SystemdResourcesTests {
  private func properties(_ json: String, _ version: CgroupVersion) throws -> [String: DBusValue] {
    let resources = try LinuxResources(jsonText: Array(json.utf8))
    var found: [String: DBusValue] = [:]
    for property in try SystemdResources.properties(for: resources, devices: nil, version: version) {
      found[property.name] = property.value
    }
    return found
  }

  @Test(
    arguments: [
      (#"{"memory":{"limit":5,"reservation":3,"swap":7}}"#, ["MemoryMax": 5, "MemoryLow": 3, "MemorySwapMax": 2]),
      (#"{"memory":{"limit":-1}}"#, ["MemoryMax": .max, "MemorySwapMax": .max]),
      (#"{"cpu":{"shares":1024}}"#, ["CPUWeight": 100]),
      (#"{"cpu":{"shares":1024,"idle":1}}"#, [:]),
      (#"{"cpu":{"quota":50000}}"#, ["CPUQuotaPerSecUSec": 500_000]),
      (#"{"cpu":{"quota":33333,"period":100000}}"#, ["CPUQuotaPerSecUSec": 340_000, "CPUQuotaPeriodUSec": 100_000]),
      (#"{"cpu":{"quota":-1,"period":5000}}"#, ["CPUQuotaPerSecUSec": .max, "CPUQuotaPeriodUSec": 5000]),
      (#"{"pids":{"limit":9}}"#, ["TasksMax": 9]), (#"{"pids":{"limit":-1}}"#, ["TasksMax": .max]),
      (#"{"blockIO":{"weight":500}}"#, ["IOWeight": 4950]),
      (
        #"{"unified":{"memory.high":"9","memory.min":"max","cpu.weight":"7","pids.max":"3","cpu.max":"max 5000"}}"#,
        [
          "MemoryHigh": 9, "MemoryMin": .max, "CPUWeight": 7, "TasksMax": 3, "CPUQuotaPerSecUSec": .max,
          "CPUQuotaPeriodUSec": 5000,
        ]
      ),
      (
        #"{"unified":{"cpu.max":"20000 50000","memory.oom.group":"1"}}"#,
        ["CPUQuotaPerSecUSec": 400_000, "CPUQuotaPeriodUSec": 50_000]
      ),
    ] as [(String, [String: UInt64])])
  func unified(json: String, expected: [String: UInt64]) throws {
    #expect(try properties(json, .v2) == expected.mapValues(DBusValue.uint64))
  }

  @Test(
    arguments: [
      (#"{"memory":{"limit":5,"reservation":3,"swap":7}}"#, ["MemoryLimit": 5]),
      (#"{"cpu":{"shares":2048}}"#, ["CPUShares": 2048]),
      (#"{"blockIO":{"weight":500}}"#, ["BlockIOWeight": 500]),
    ] as [(String, [String: UInt64])])
  func legacy(json: String, expected: [String: UInt64]) throws {
    #expect(try properties(json, .v1) == expected.mapValues(DBusValue.uint64))
  }

  @Test func listsAreBits() throws {
    let bits = try properties(#"{"cpu":{"cpus":"0-2,9","mems":"1"}}"#, .v2)
    #expect(bits["AllowedCPUs"] == .array(of: "y", [.byte(7), .byte(2)]))
    #expect(bits["AllowedMemoryNodes"] == .array(of: "y", [.byte(2)]))
  }

  @Test(arguments: ["0-4294967295", "3-1", "a", "1-2-3", "-"])
  func listsThatAreNone(list: String) {
    #expect(throws: CgroupError.self) { try properties(#"{"cpu":{"cpus":"\#(list)"}}"#, .v2) }
  }

  @Test func ratesNameTheirDevice() throws {
    let found = try properties(#"{"blockIO":{"throttleReadBpsDevice":[{"major":8,"minor":0,"rate":5}]}}"#, .v2)
    let entry = DBusValue.structure([.string("/dev/block/8:0"), .uint64(5)])
    #expect(found == ["IOReadBandwidthMax": .array(of: "(st)", [entry])])
  }

  @Test func devicesAreAllowedByName() throws {
    let properties = try SystemdDevices.properties(for: deviceRules(["allow c 1:3 rw", "allow b 8:0 r"]))
    #expect(properties.first == .text("DevicePolicy", "strict"))
    let entries = ["/dev/char/1:3": "rw", "/dev/block/8:0": "r"].map {
      DBusValue.structure([.string($0), .string($1)])
    }
    guard case .array(_, let found)? = properties.last?.value else { return #expect(Bool(false)) }
    #expect(Set(found.map { "\($0)" }) == Set(entries.map { "\($0)" }))
    #expect(try SystemdDevices.name(of: DevicePattern(kind: .character, major: 136)) == "char-pts")
    #expect(try SystemdDevices.name(of: DevicePattern(kind: .character, major: 1)) == "char-mem")
    #expect(try SystemdDevices.name(of: DevicePattern(kind: .block, major: nil, minor: 3)) == nil)
    #expect(try SystemdDevices.properties(for: deviceRules(["allow a rwm"])).first == .text("DevicePolicy", "auto"))
  }
}
