import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

@testable import Cgroups

/// `linux.intelRdt` in a folder with the layout of `resctrl`.
@Suite struct ResourceControlTests {
  private func with(_ body: (String) throws -> Void) throws {
    let root = "/tmp/proa-resctrl-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    for folder in ["info", "mon_groups", "shared", "shared/mon_groups"] { try Directory.make("\(root)/\(folder)") }
    for folder in ["", "/shared"] {
      try AtomicFile.write(Array("    L3:0=0ff;1=0ff\n    MB:0=100;1=100\n".utf8), to: "\(root)\(folder)/schemata")
      try AtomicFile.write([], to: "\(root)\(folder)/tasks")
    }
    let outcome = Result { try body(root) }
    try Directory.removeTree(root)
    try outcome.get()
  }

  private func rdt(_ text: String) throws -> LinuxIntelRdt { try LinuxIntelRdt(jsonText: Array(text.utf8)) }

  private func control(_ text: String, _ root: String) throws -> ResourceControl {
    try ResourceControl(rdt(text), containerID: "c1", root: root)
  }

  private func text(_ path: String) throws -> String { String(decoding: try AtomicFile.read(path), as: UTF8.self) }

  @Test func aContainersOwnGroup() throws {
    try with { root in
      let schemata = #"{"l3CacheSchema":"L3:0=f\nMB:0=1","memBwSchema":"MB:0=50","schemata":["L2:0=3"]}"#
      let control = try control(schemata, root)
      try control.create()
      #expect(try text("\(root)/c1/schemata") == "L3:0=f\nMB:0=50\nL2:0=3\n")
      #expect(control.groups.joined == ["\(root)/c1"] && control.groups.own == ["\(root)/c1"])
      #expect { try self.control("{}", root).create() } throws: { "\($0)".contains("linux.intelRdt: mkdir") }
      try control.groups.update(["L3:0=3"])
      #expect(try text("\(root)/c1/schemata").hasPrefix("L3:0=3\n"))
      unlink("\(root)/c1/schemata")
      try control.groups.remove()
      try control.groups.remove()
      #expect(try FileStatus.of("\(root)/c1") == nil)
    }
  }

  @Test func aGroupThatIsShared() throws {
    try with { root in
      let control = try control(#"{"closID":"shared","l3CacheSchema":"L3:1=ff;0=00FF","enableMonitoring":true}"#, root)
      try control.create()
      #expect(try FileStatus.of("\(root)/shared/mon_groups/c1") != nil)
      #expect(control.groups.joined == ["\(root)/shared", "\(root)/shared/mon_groups/c1"])
      try AtomicFile.write([], to: "\(root)/shared/mon_groups/c1/tasks")
      try control.groups.join(77)
      for folder in control.groups.joined { #expect(try text("\(folder)/tasks") == "77") }
      unlink("\(root)/shared/mon_groups/c1/tasks")
      try control.groups.remove()
      #expect(try Directory.names("\(root)/shared/mon_groups").isEmpty)
      #expect(try FileStatus.of("\(root)/shared") != nil)
      try self.control(#"{"closID":"/"}"#, root).create()
    }
  }

  @Test(arguments: [
    (#"{"closID":"missing"}"#, "linux.intelRdt.closID"),
    (#"{"closID":"shared","l3CacheSchema":"L3:0=f"}"#, "linux.intelRdt.closID"),
    (#"{"closID":"shared","schemata":["L2:0=f"]}"#, "linux.intelRdt.closID"),
    (#"{"closID":"../x"}"#, "linux.intelRdt.closID"), (#"{"closID":".."}"#, "linux.intelRdt.closID"),
    (#"{"memBwSchema":"MB:0=1\nL3:0=1"}"#, "linux.intelRdt.memBwSchema"),
    (#"{"memBwSchema":"L3:0=1"}"#, "linux.intelRdt.memBwSchema"),
    (#"{"schemata":["L3:0=1","L3:0=1\nMB:0=1"]}"#, "linux.intelRdt.schemata[1]"),
  ]) func namesTheCulprit(text: String, path: String) throws {
    try with { root in
      #expect { try control(text, root).create() } throws: { ($0 as? CgroupError)?.path == path }
      let names = try Directory.names(root).sorted()
      #expect(names == ["info", "mon_groups", "schemata", "shared", "tasks"])
    }
  }

  /// Neither here nor in the virtual machine is there one.
  @Test func withoutTheFileSystem() throws {
    let mounts = try text("/proc/self/mountinfo")
    guard !mounts.contains(" - resctrl ") else { return }
    #expect {
      try ResourceControl(LinuxIntelRdt(), containerID: "c1")
    } throws: { "\($0)".hasPrefix("linux.intelRdt: intelRdt is specified in config, but Intel RDT is not supported") }
  }
}
