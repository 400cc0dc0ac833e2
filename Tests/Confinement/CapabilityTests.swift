import JSON
import OCIRuntimeSpec
import Testing

@testable import Confinement

@Suite("Capabilities by name")
struct CapabilityTests {
  @Test(
    arguments: [
      ("CAP_CHOWN", 0), ("cap_chown", 0), ("CAP_SETPCAP", 8), ("CAP_SYS_ADMIN", 21), ("CAP_AUDIT_READ", 37),
      ("CAP_PERFMON", 38), ("CAP_BPF", 39), ("CAP_CHECKPOINT_RESTORE", 40),
    ] as [(String, UInt32)])
  func numbersAreTheKernels(name: String, number: UInt32) {
    #expect(Capability(name: name)?.rawValue == number)
    #expect(Capability(rawValue: number).name == name.uppercased())
  }

  @Test(arguments: ["", "CHOWN", "CAP_", "CAP_NOTHING"])
  func unknown(name: String) { #expect(Capability(name: name) == nil) }

  @Test func unknownNamesAreReportedOnceAndLeftOut() throws {
    let json = #"{"bounding":["CAP_KILL","CAP_NEW"],"permitted":["CAP_NEW"],"effective":["CAP_CHOWN"]}"#
    let (sets, leftOut) = CapabilitySets.resolving(try LinuxCapabilities(jsonText: Array(json.utf8)))
    #expect(leftOut == ["CAP_NEW"])
    #expect(sets.bounding.capabilities.map(\.name) == ["CAP_KILL"])
    #expect(sets.effective.rawValue == 1)
    #expect(sets.permitted.isEmpty && sets.ambient.isEmpty && sets.inheritable.isEmpty)
  }
}

@Suite("Limits of a process")
struct LimitTests {
  @Test(arguments: [
    (#"[{"type":"RLIMIT_NOFILES","soft":1,"hard":1}]"#, "process.rlimits[0].type"),
    (#"[{"type":"RLIMIT_CPU","soft":2,"hard":1}]"#, "process.rlimits[0].soft"),
    (
      #"[{"type":"RLIMIT_CPU","soft":1,"hard":1},{"type":"RLIMIT_CPU","soft":1,"hard":1}]"#,
      "process.rlimits[1].type"
    ),
  ])
  func refusals(json: String, path: String) throws {
    let rlimits = try [POSIXRlimit](jsonText: Array(json.utf8))
    let error = #expect(throws: ConfinementError.self) { try ResourceLimits(rlimits) }
    #expect(error?.path == path)
  }

  @Test func numbersAreTheKernels() throws {
    let json = #"[{"type":"RLIMIT_NOFILE","soft":1,"hard":18446744073709551615}]"#
    let limits = try ResourceLimits([POSIXRlimit](jsonText: Array(json.utf8))).limits
    #expect(limits.map(\.resource) == [7])
    #expect(limits.map(\.hard) == [UInt64.max])
  }

  @Test(arguments: [-1001, 1001] as [Int32])
  func scoresOutOfRange(score: Int32) {
    #expect(throws: ConfinementError.self) { try OutOfMemoryScore(score) }
  }

  @Test func labelsNeedTheirModule() throws {
    let none = SecurityLabels.Kernel()
    let error = #expect(throws: ConfinementError.self) {
      try SecurityLabels(apparmorProfile: "docker-default", selinuxLabel: nil, kernel: none)
    }
    #expect(error?.path == "process.apparmorProfile")
    #expect(throws: ConfinementError.self) {
      try SecurityLabels(apparmorProfile: nil, selinuxLabel: "system_u:x", kernel: none)
    }
    let both = SecurityLabels.Kernel(hasAppArmor: true, hasSELinux: true)
    let labels = try SecurityLabels(apparmorProfile: "docker-default", selinuxLabel: "s:x", kernel: both).labels
    #expect(labels.map(\.text) == ["exec docker-default", "s:x"])
    #expect(try SecurityLabels(apparmorProfile: "", selinuxLabel: nil, kernel: none).labels.isEmpty)
  }
}

@Suite("SHA-256")
struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func vectorsOfFIPS(message: String, digest: String) {
    let hex = SHA256.digest(of: Array(message.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(hex == digest)
  }
}
