import JSON
import OCIRuntimeSpec
import Testing

/// Capabilities, limits and labels of the process. Needs root.
@Suite(.serialized) struct CapabilitiesTests {
  private func shell(_ script: String, _ change: (inout Spec) -> Void) throws -> RuntimeProgram.Outcome {
    var outcome: RuntimeProgram.Outcome?
    try Bundle.with { spec in
      spec.process?.args = ["/bin/busybox", "sh", "-c", script]
      change(&spec)
    } _: {
      outcome = try $0.run()
    }
    return try #require(outcome)
  }

  /// The sets in the order of `/proc/PID/status`: inheritable, permitted, effective, bounding, ambient.
  private func masks(uid: UInt32, _ capabilities: LinuxCapabilities?) throws -> [UInt64] {
    let outcome = try shell("busybox grep ^Cap /proc/self/status") {
      $0.process?.user.uid = uid
      $0.process?.capabilities = capabilities
    }
    return outcome.lines.compactMap { UInt64($0.suffix(16), radix: 16) }
  }

  private func sets(
    bounding: [String] = [], effective: [String] = [], permitted: [String] = [], inheritable: [String] = [],
    ambient: [String] = []
  ) -> LinuxCapabilities {
    var sets = LinuxCapabilities()
    (sets.bounding, sets.effective, sets.permitted) = (bounding, effective, permitted)
    (sets.inheritable, sets.ambient) = (inheritable, ambient)
    return sets
  }

  private static let (chown, kill, boot): (UInt64, UInt64, UInt64) = (1, 1 << 5, 1 << 22)

  /// exec gives root what the bounding set has, and others what is ambient.
  @Test func setsAreThoseAskedFor() throws {
    let names = ["CAP_CHOWN", "CAP_KILL"]
    let both = Self.chown | Self.kill
    #expect(try masks(uid: 0, sets()) == [0, 0, 0, 0, 0])
    #expect(
      try masks(uid: 0, sets(bounding: names, effective: names, permitted: names)) == [0, both, both, both, 0])
    #expect(
      try masks(uid: 1000, sets(bounding: names, effective: names, permitted: names)) == [0, 0, 0, both, 0])
    let all = sets(bounding: names, effective: names, permitted: names, inheritable: names, ambient: ["CAP_KILL"])
    #expect(try masks(uid: 1000, all) == [both, Self.kill, Self.kill, both, Self.kill])
  }

  @Test func aBoundingSetOfItsOwnIsKept() throws {
    let found = try masks(uid: 1000, sets(bounding: ["CAP_SYS_BOOT"]))
    #expect(found == [0, 0, 0, Self.boot, 0])
  }

  @Test func anUnknownNameIsWarnedAboutAndLeftOut() throws {
    let outcome = try shell("busybox grep CapBnd /proc/self/status") {
      $0.process?.capabilities = sets(bounding: ["CAP_CHOWN", "CAP_FLY"])
    }
    #expect(outcome.output == "CapBnd:\t0000000000000001\n")
    #expect(outcome.errors.contains("CAP_FLY"))
  }

  /// What an engine asks for with `--privileged`, under a runtime that has not everything itself.
  @Test func whatCannotBeGrantedIsWarnedAboutAndLeftOut() throws {
    let names = sets(
      bounding: ["CAP_CHOWN", "CAP_SYS_BOOT"], effective: ["CAP_CHOWN", "CAP_SYS_BOOT"],
      permitted: ["CAP_CHOWN", "CAP_SYS_BOOT"])
    try Bundle.with { spec in
      spec.process?.args = ["/bin/busybox", "grep", "-E", "Cap(Bnd|Prm)", "/proc/self/status"]
      spec.process?.capabilities = names
    } _: { bundle in
      let command = [RuntimeProgram.path, "--root", bundle.root, "run", "-b", bundle.folder, bundle.id]
      let outcome = try RuntimeProgram.run(["--bounding-set=-sys_boot"] + command, program: "/usr/bin/setpriv")
      #expect(outcome.output == "CapPrm:\t0000000000000001\nCapBnd:\t0000000000000001\n", "\(outcome.errors)")
      #expect(outcome.errors.contains("ignoring unknown or unavailable capabilities: [CAP_SYS_BOOT]"))
      #expect(outcome.errors.contains("level=warning"))
    }
  }

  @Test(arguments: [true, false]) func noNewPrivileges(value: Bool) throws {
    let outcome = try shell("busybox grep NoNewPrivs /proc/self/status") { $0.process?.noNewPrivileges = value }
    #expect(outcome.output == "NoNewPrivs:\t\(value ? 1 : 0)\n")
  }

  @Test func limitsAndScore() throws {
    let outcome = try shell("ulimit -Sn; ulimit -Hn; ulimit -Sc; busybox cat /proc/self/oom_score_adj") { spec in
      let json = #"[{"type":"RLIMIT_NOFILE","soft":64,"hard":128},{"type":"RLIMIT_CORE","soft":0,"hard":0}]"#
      #expect(throws: Never.self) { spec.process?.rlimits = try [POSIXRlimit](jsonText: Array(json.utf8)) }
      spec.process?.oomScoreAdj = 400
    }
    #expect(outcome.lines == ["64", "128", "0", "400"])
  }

  @Test(arguments: [
    ("process.rlimits[0].type", #"{"cwd":"/","rlimits":[{"type":"RLIMIT_X","soft":1,"hard":1}]}"#),
    ("process.oomScoreAdj", #"{"cwd":"/","oomScoreAdj":2000}"#),
    ("process.selinuxLabel", #"{"cwd":"/","selinuxLabel":"system_u:object_r:x"}"#),
    ("process.apparmorProfile", #"{"cwd":"/","apparmorProfile":"docker-default"}"#),
  ])
  func refusals(path: String, json: String) throws {
    let outcome = try shell("echo ran") { spec in
      let args = spec.process?.args ?? []
      #expect(throws: Never.self) { spec.process = try Process(jsonText: Array(json.utf8)) }
      spec.process?.args = args
    }
    #expect(outcome.status != 0 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(path))
  }
}
