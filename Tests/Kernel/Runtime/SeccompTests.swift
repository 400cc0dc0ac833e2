import Containers
import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Filters of system calls that the kernel enforces. Needs root.
@Suite(.serialized) struct SeccompTests {
  private func shell(
    _ script: String, _ profile: LinuxSeccomp?, _ change: (inout Spec) -> Void = { _ in }
  ) throws -> RuntimeProgram.Outcome {
    var outcome: RuntimeProgram.Outcome?
    try Bundle.with { spec in
      spec.process?.args = ["/bin/busybox", "sh", "-c", script]
      spec.linux?.seccomp = profile
      change(&spec)
    } _: {
      outcome = try $0.run()
    }
    return try #require(outcome)
  }

  private func docker(_ capabilities: Set<String> = []) throws -> LinuxSeccomp {
    DefaultSeccompProfile.profile(capabilities: capabilities, machine: try #require(.current))
  }

  private static let everything = ["CAP_SYS_ADMIN", "CAP_SYS_CHROOT"]

  private static func grant(_ spec: inout Spec) {
    spec.process?.capabilities?.bounding = everything
    spec.process?.capabilities?.effective = everything
    spec.process?.capabilities?.permitted = everything
  }

  @Test(arguments: [true, false]) func dockersProfileDeniesWhatRootMayOtherwise(noNewPrivileges: Bool) throws {
    let script = """
      busybox grep Seccomp: /proc/self/status
      busybox unshare -m busybox true || echo no unshare
      busybox mount -t tmpfs x /tmp || echo no mount
      busybox chroot / /bin/busybox true || echo no chroot
      """
    let outcome = try shell(script, docker()) {
      Self.grant(&$0)
      $0.process?.noNewPrivileges = noNewPrivileges
    }
    #expect(outcome.lines == ["Seccomp:\t2", "no unshare", "no mount", "no chroot"])
    let free = try shell(script, nil) { Self.grant(&$0) }
    #expect(free.lines == ["Seccomp:\t0"])
    let granted = try shell(script, docker(Set(Self.everything))) { Self.grant(&$0) }
    #expect(granted.lines == ["Seccomp:\t2"])
  }

  /// The compiled filter is kept with the state: used again, no container, and not another's.
  @Test func filtersAreKeptInTheStateDirectory() throws {
    try Bundle.with { spec in
      spec.process?.args = ["/bin/true"]
      #expect(throws: Never.self) { spec.linux?.seccomp = try docker() }
    } _: { bundle in
      #expect(try bundle.run().status == 0)
      let folder = "\(bundle.root)/.seccomp~"
      let names = try Directory.names(folder)
      #expect(names.count == 1)
      #expect(try FileStatus.of(folder)?.permissions == 0o700)
      #expect(try FileStatus.of("\(folder)/\(names.first ?? "")")?.permissions == 0o600)
      let list = try bundle.runtime("list")
      #expect(list.lines.count == 1 && list.errors.isEmpty)
      #expect(try bundle.runtime("delete", "--force", ".seccomp~").errors.contains("invalid container ID format"))
      try AtomicFile.write([1], to: "\(folder)/\(names.first ?? "")")
      let again = try bundle.run()
      #expect(again.status == 0 && again.errors.contains("level=warning") && again.errors.contains("seccomp cache"))
    }
  }

  /// Profiles name the calls of their time; what the runtime itself needs behind the filter is not to be more.
  @Test(arguments: [true, false]) func aProfileMayDenyYoungCalls(noNewPrivileges: Bool) throws {
    let json = #"""
      {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"action":"SCMP_ACT_ERRNO","names":[
        "clone3","close_range","faccessat2","openat2","pidfd_open","pidfd_send_signal","statx"]}]}
      """#
    let hook = try Hook(jsonText: Array(#"{"path":"/bin/sh","args":["sh","-c","echo hook > /tmp/hook"]}"#.utf8))
    for profile in [try LinuxSeccomp(jsonText: Array(json.utf8)), try docker()] {
      let outcome = try shell("busybox cat /tmp/hook; busybox ls /proc/self/fd", profile) {
        $0.process?.noNewPrivileges = noNewPrivileges
        $0.root?.readonly = false
        $0.hooks = Hooks()
        $0.hooks?.startContainer = [hook]
      }
      #expect(outcome.status == 0 && outcome.lines == ["hook", "0", "1", "2", "3"], "\(outcome.errors)")
    }
  }

  /// The working directory is entered, and looked at, before.
  @Test func aProfileMayDenyTheWorkingDirectory() throws {
    let json = #"""
      {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"action":"SCMP_ACT_ERRNO","names":["chdir","getcwd"]}]}
      """#
    let outcome = try shell(
      "busybox readlink /proc/self/cwd; cd / || echo no cd", LinuxSeccomp(jsonText: Array(json.utf8))
    ) {
      $0.process?.noNewPrivileges = false
      $0.process?.cwd = "/home"
    }
    #expect(outcome.lines == ["/home", "no cd"], "\(outcome.errors)")
  }

  @Test func aCallCanEndTheProcess() throws {
    let json = #"""
      {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["unshare"],"action":"SCMP_ACT_KILL_PROCESS"}]}
      """#
    let outcome = try shell("busybox unshare -m busybox true; echo $?", LinuxSeccomp(jsonText: Array(json.utf8)))
    #expect(outcome.output == "159\n")
  }

  @Test func theErrorIsTheProfiles() throws {
    let json = #"""
      {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["unshare"],"action":"SCMP_ACT_ERRNO","errnoRet":28}]}
      """#
    let outcome = try shell("busybox unshare -m busybox true", LinuxSeccomp(jsonText: Array(json.utf8)))
    #expect(outcome.errors.contains("No space left on device"))
  }

  @Test(arguments: [
    (
      #"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_NOTIFY"}]}"#,
      "linux.seccomp.listenerPath"
    ),
    (#"{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_M68K"]}"#, "linux.seccomp.architectures[0]"),
  ])
  func refusals(json: String, path: String) throws {
    let outcome = try shell("echo ran", LinuxSeccomp(jsonText: Array(json.utf8)))
    #expect(outcome.status != 0 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(path))
  }
}
