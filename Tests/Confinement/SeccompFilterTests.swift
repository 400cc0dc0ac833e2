import JSON
import OCIRuntimeSpec
import Testing

@testable import Confinement

#if arch(x86_64)
  private let allow: UInt32 = 0x7fff_0000
  private func errno(_ number: UInt32) -> UInt32 { 0x0005_0000 | number }

  private func action(_ json: String, _ call: FilterMachine.Call) throws -> UInt32 {
    let filter = try SeccompFilter(LinuxSeccomp(jsonText: Array(json.utf8)))
    return try FilterMachine(program: filter.program).action(on: call)
  }

  /// x86-64's numbers.
  @Suite("What a compiled filter says")
  struct SeccompFilterTests {
    @Test(
      arguments: [
        ("ALLOW", 0x7fff_0000), ("KILL", 0), ("KILL_THREAD", 0), ("KILL_PROCESS", 0x8000_0000), ("TRAP", 0x0003_0000),
        ("ERRNO", 0x0005_0001), ("TRACE", 0x7ff0_0001), ("LOG", 0x7ffc_0000),
      ] as [(String, UInt32)])
    func everyAction(name: String, code: UInt32) throws {
      let other = name == "ALLOW" ? "SCMP_ACT_KILL_PROCESS" : "SCMP_ACT_ALLOW"
      let json = #"{"defaultAction":"\#(other)","syscalls":[{"names":["getpid"],"action":"SCMP_ACT_\#(name)"}]}"#
      #expect(try action(json, .init(number: 39)) == code)
      let asDefault = #"{"defaultAction":"SCMP_ACT_\#(name)","syscalls":[{"names":["read"],"action":"\#(other)"}]}"#
      if name != "KILL_PROCESS" {
        #expect(try action(asDefault, .init(number: 0)) == (name == "ALLOW" ? 1 << 31 : allow))
      }
    }

    private static let conditions = #"""
      {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":13,"syscalls":[
        {"names":["personality"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":8,"op":"SCMP_CMP_EQ"}]},
        {"names":["clone"],"action":"SCMP_ACT_ALLOW",
         "args":[{"index":0,"value":2114060288,"valueTwo":0,"op":"SCMP_CMP_MASKED_EQ"}]},
        {"names":["socket"],"action":"SCMP_ACT_ALLOW",
         "args":[{"index":0,"value":40,"op":"SCMP_CMP_GT"},{"index":0,"value":40,"op":"SCMP_CMP_LT"}]},
        {"names":["kill"],"action":"SCMP_ACT_ALLOW",
         "args":[{"index":0,"value":5,"op":"SCMP_CMP_GE"},{"index":1,"value":9,"op":"SCMP_CMP_NE"}]},
        {"names":["clone3"],"action":"SCMP_ACT_ERRNO","errnoRet":38},
        {"names":["no_such_call","read"],"action":"SCMP_ACT_ALLOW"}]}
      """#

    @Test(
      arguments: [
        (135, [8], 0x7fff_0000), (135, [9], 0x0005_000d), (135, [1 << 32 | 8], 0x0005_000d),
        (56, [0], 0x7fff_0000), (56, [0x1000_0000], 0x0005_000d), (56, [0x11], 0x7fff_0000),
        (41, [39], 0x7fff_0000), (41, [41], 0x7fff_0000), (41, [40], 0x0005_000d),
        (62, [5, 1], 0x7fff_0000), (62, [4, 1], 0x0005_000d), (62, [5, 9], 0x0005_000d),
        (435, [], 0x0005_0026), (0, [], 0x7fff_0000), (1, [], 0x0005_000d),
      ] as [(UInt32, [UInt64], UInt32)])
    func argumentsAndErrors(number: UInt32, arguments: [UInt64], expected: UInt32) throws {
      #expect(try action(Self.conditions, .init(number: number, arguments: arguments)) == expected)
    }

    private static let architectures = #"""
      {"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86","SCMP_ARCH_X32"],
       "syscalls":[{"names":["getpid","openat2"],"action":"SCMP_ACT_ALLOW"}]}
      """#

    /// Calls above the newest of the profile (openat2 is 437 everywhere) do not exist, older ones are forbidden.
    @Test(
      arguments: [
        (0xc000_003e, 39, 0x7fff_0000), (0xc000_003e, 40, 0x0005_0001), (0xc000_003e, 438, 0x0005_0026),
        (0x4000_0003, 20, 0x7fff_0000), (0x4000_0003, 39, 0x0005_0001), (0x4000_0003, 500, 0x0005_0026),
        (0xc000_003e, 0x4000_0000 | 39, 0x7fff_0000), (0xc000_003e, 0x4000_0000 | 40, 0x0005_0001),
        (0xc000_003e, 0x4000_0000 | 438, 0x0005_0026), (0xc000_00b7, 39, 0),
      ] as [(UInt32, UInt32, UInt32)])
    func newerCallsDoNotExist(architecture: UInt32, number: UInt32, expected: UInt32) throws {
      #expect(try action(Self.architectures, .init(architecture: architecture, number: number)) == expected)
    }

    /// A program for x86-64 alone must not let the same numbers of x32 through.
    @Test func x32IsNoWayAround() throws {
      let json = #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["getpid"],"action":"SCMP_ACT_ALLOW"}]}"#
      #expect(try action(json, .init(number: 0x4000_0000 | 39)) != allow)
    }

    @Test func anAllowListNeedsNoPrologue() throws {
      let json = #"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["getpid"],"action":"SCMP_ACT_ERRNO"}]}"#
      #expect(try action(json, .init(number: 4000)) == allow)
      #expect(try action(json, .init(number: 39)) == errno(1))
    }
  }
#endif

@Suite("Profiles that are refused")
struct SeccompRefusalTests {
  @Test(arguments: [
    (#""listenerMetadata":"x""#, "listenerMetadata"),
    (#""syscalls":[{"names":[],"action":"SCMP_ACT_ALLOW"}]"#, "syscalls[0].names"),
    (#""syscalls":[{"names":["read",""],"action":"SCMP_ACT_ALLOW"}]"#, "syscalls[0].names[1]"),
    (#""syscalls":[{"names":["read"],"action":"SCMP_ACT_NOTIFY"}]"#, "listenerPath"),
    (#""listenerPath":"","syscalls":[{"names":["read"],"action":"SCMP_ACT_NOTIFY"}]"#, "listenerPath"),
    (#""syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","errnoRet":1}]"#, "syscalls[0].errnoRet"),
    (#""syscalls":[{"names":["read"],"action":"SCMP_ACT_ERRNO","errnoRet":4096}]"#, "syscalls[0].errnoRet"),
    (
      #""syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":6,"value":1,"op":"SCMP_CMP_EQ"}]}]"#,
      "syscalls[0].args[0].index"
    ),
  ])
  func refusals(member: String, path: String) throws {
    let profile = try LinuxSeccomp(jsonText: Array(#"{"defaultAction":"SCMP_ACT_ERRNO",\#(member)}"#.utf8))
    let error = #expect(throws: ConfinementError.self) { try SeccompFilter(profile) }
    #expect(error?.path == "linux.seccomp.\(path)")
  }

  @Test func flagsAreTheKernels() throws {
    let json = #"{"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_FILTER_FLAG_LOG","SECCOMP_FILTER_FLAG_TSYNC"]}"#
    #expect(try SeccompFilter(LinuxSeccomp(jsonText: Array(json.utf8))).flags == 3)
  }
}
