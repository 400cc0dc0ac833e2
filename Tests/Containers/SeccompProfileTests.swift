import JSON
import OCIRuntimeSpec
import Testing

@testable import Containers

@Suite("Profiles in Docker's format")
struct SeccompProfileTests {
  private static let machine = SeccompMachine(name: "amd64", architecture: .x8664, kernel: KernelVersion(5, 10))

  private func filter(_ json: String, capabilities: Set<String> = []) throws -> LinuxSeccomp? {
    try SeccompProfile(jsonText: Array(json.utf8)).filter(capabilities: capabilities, machine: Self.machine)
  }

  /// Whether a rule with such conditions counts.
  private func counts(_ conditions: String, capabilities: Set<String> = []) throws -> Bool {
    let rule = #"{"names":["mkdir"],"action":"SCMP_ACT_ALLOW",\#(conditions)}"#
    let filter = try filter(
      #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[\#(rule)]}"#, capabilities: capabilities)
    return filter?.syscalls.map(\.names) == [["mkdir"]]
  }

  @Test(arguments: [
    (#""includes":{}"#, true), (#""includes":null,"excludes":null"#, true), (#""comment":"x""#, true),
    (#""includes":{"arches":["amd64","x32"]}"#, true), (#""includes":{"arches":["arm64"]}"#, false),
    (#""excludes":{"arches":["amd64"]}"#, false), (#""excludes":{"arches":["arm64"]}"#, true),
    (#""includes":{"minKernel":"5.10"}"#, true), (#""includes":{"minKernel":"5.11"}"#, false),
    (#""includes":{"minKernel":"4.99"}"#, true), (#""excludes":{"minKernel":"5.10"}"#, false),
    (#""excludes":{"minKernel":"6.0"}"#, true), (#""includes":{"minKernel":""}"#, true),
    (#""includes":{"caps":["CAP_A"]}"#, true), (#""includes":{"caps":["CAP_A","CAP_C"]}"#, false),
    (#""excludes":{"caps":["CAP_C"]}"#, true), (#""excludes":{"caps":["CAP_A","CAP_C"]}"#, false),
    (#""includes":{"caps":["CAP_A"],"arches":["arm64"]}"#, false),
  ])
  func conditions(text: String, isMet: Bool) throws {
    #expect(try counts(text, capabilities: ["CAP_A", "CAP_B"]) == isMet)
  }

  @Test func architecturesOfThisMachine() throws {
    let map = #"""
      {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":38,"archMap":[
        {"architecture":"SCMP_ARCH_AARCH64","subArchitectures":["SCMP_ARCH_ARM"]},
        {"architecture":"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X86","SCMP_ARCH_X32"]}]}
      """#
    let filter = try #require(try filter(map))
    #expect(filter.architectures == [.x8664, .x86, .x32])
    #expect(filter.defaultErrnoRet == 38)
    #expect(try self.filter(map.replacing("X86_64", with: "S390X"))?.architectures == [])
    let list =
      #"{"defaultAction":"SCMP_ACT_KILL","architectures":["SCMP_ARCH_ARM"],"flags":["SECCOMP_FILTER_FLAG_LOG"]}"#
    #expect(try self.filter(list)?.architectures == [.arm])
    #expect(try self.filter(list)?.flags == [.log])
  }

  @Test func whatARuleSaysIsKept() throws {
    let rule = #"""
      {"name":"clone","action":"SCMP_ACT_ERRNO","errnoRet":5,"comment":"no","args":
        [{"index":1,"value":2114060288,"valueTwo":7,"op":"SCMP_CMP_MASKED_EQ"}]}
      """#
    let found = try #require(try filter(#"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[\#(rule)]}"#)?.syscalls.first)
    #expect(found.names == ["clone"] && found.action == .errno && found.errnoRet == 5)
    #expect(found.args.map(\.value) == [2_114_060_288] && found.args.map(\.valueTwo) == [7])
    #expect(found.unknown == JSONObject())
  }

  @Test func nothingIsNoFilter() throws {
    #expect(try filter("{}") == nil)
    #expect(try filter(#"{"syscalls":[],"defaultErrno":"EPERM"}"#) == nil)
  }

  @Test(arguments: [
    (#"{"syscalls":[{"names":["a"],"action":"SCMP_ACT_ALLOW"}]}"#, "defaultAction"),
    (#"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["a"]}]}"#, "action"),
    (
      #"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["a"],"name":"b","action":"SCMP_ACT_ALLOW"}]}"#,
      "use either 'name' or 'names'"
    ),
    (
      #"{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_ARM"],"archMap":[{}]}"#,
      "use either 'architectures' or 'archMap'"
    ),
    (
      #"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"5"}}]}"#,
      "expected \"<kernel>.<major>\""
    ), (#"{"defaultAction":"ALLOW"}"#, "defaultAction"), ("[]", "an object"),
  ])
  func refuses(json: String, reason: String) {
    let error = #expect(throws: ContainerError.self) { try SecurityOptions(["seccomp=\(json)"], privileged: false) }
    #expect(error?.description.hasPrefix("Decoding seccomp profile failed: ") == true)
    #expect(error?.description.contains(reason) == true)
  }

  @Test(arguments: [
    ("6.1.0-18-amd64", KernelVersion(6, 1)), ("5.10", KernelVersion(5, 10)), ("4.18rc1", KernelVersion(4, 18)),
    ("nonsense", KernelVersion(0, 0)), ("", KernelVersion(0, 0)),
  ])
  func releases(text: String, version: KernelVersion) { #expect(KernelVersion(release: text) == version) }
}
