import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// An ordinary user's containers in scopes of his own systemd. Needs root, systemd as the machine's init, and v2.
@Suite(.serialized, .enabled(if: Bundle.isUnified && access("/run/systemd/system", F_OK) == 0))
struct UserSystemdTests {
  /// One that the machine's systemd can find.
  private static let user = "nobody"
  private static let (uid, gid) = (UInt32(65_534), UInt32(65_534))

  /// Runs `body` with a bundle of the user, and what runs a command as he does, while his systemd runs.
  private func with(_ body: (Bundle, _ asUser: String) throws -> Void) throws {
    let unit = "proa-user-\(getpid())"
    let folder = "/tmp/\(unit)"
    try Directory.make("\(folder)/run", mode: 0o755)
    defer { #expect(throws: Never.self) { try Directory.removeTree(folder) } }
    chown("\(folder)/run", Self.uid, Self.gid)
    let environment = "XDG_RUNTIME_DIR=\(folder)/run"
    let started = try RuntimeProgram.run(
      [
        "--unit=\(unit)", "--property=Type=notify", "--property=User=\(Self.user)", "--property=Delegate=yes",
        "--property=DefaultDependencies=no", "--setenv=\(environment)", "--setenv=HOME=/", "/lib/systemd/systemd",
        "--user",
      ], program: "/bin/systemd-run")
    try #require(started.status == 0, "\(started.errors)")
    defer { #expect((try? RuntimeProgram.run(["stop", unit], program: "/bin/systemctl").status) == 0) }
    let become = "exec setpriv --reuid \(Self.uid) --regid \(Self.gid) --clear-groups env \(environment)"
    for (name, command) in [("runtime", RuntimeProgram.path), ("as-user", "")] {
      let script = "#!/bin/sh\n\(become) \(command) \"$@\"\n"
      try AtomicFile.write(Array(script.utf8), to: "\(folder)/\(name)", mode: 0o755)
    }
    try Bundle.with(program: "\(folder)/runtime") { bundle in
      try own(bundle)
      try body(bundle, "\(folder)/as-user")
    }
  }

  private func own(_ bundle: Bundle) throws {
    try Directory.removeTree("\(bundle.folder)/config.json")
    for path in [bundle.folder, "\(bundle.folder)/rootfs"] { chown(path, Self.uid, Self.gid) }
    for name in try Directory.names("\(bundle.folder)/rootfs") {
      chown("\(bundle.folder)/rootfs/\(name)", Self.uid, Self.gid)
    }
    let made = try RuntimeProgram.run(["spec", "--rootless", "--bundle", bundle.folder], program: bundle.program)
    try #require(made.status == 0, "\(made.errors)")
    try bundle.configure { spec in
      spec.linux?.cgroupsPath = nil
      spec.process?.args = ["/bin/sleep", "1000"]
      #expect(throws: Never.self) { try spec.limit(#"{"pids":{"limit":17}}"#) }
    }
    chown("\(bundle.folder)/config.json", Self.uid, Self.gid)
  }

  private func property(_ name: String, of unit: String, _ asUser: String) throws -> String? {
    let shown = try RuntimeProgram.run(["systemctl", "--user", "show", "--property=\(name)", unit], program: asUser)
    return shown.lines.first.map { String($0.dropFirst(name.count + 1)) }
  }

  @Test func hisContainersAreHisScopes() throws {
    try with { bundle, asUser in
      let outcome = try bundle.runtime("--systemd-cgroup", "run", "--detach", "--bundle", bundle.folder, bundle.id)
      try #require(outcome.status == 0, "\(outcome.errors)")
      let unit = "proa-\(bundle.id).scope"
      let groups = String(decoding: try AtomicFile.read("/proc/\(try bundle.initPID())/cgroup"), as: UTF8.self)
      #expect(groups.hasSuffix("/user.slice/\(unit)\n") && groups.contains("proa-user-"), "\(groups)")
      #expect(try property("TasksMax", of: unit, asUser) == "17")
      let entered = try bundle.runtime("exec", bundle.id, "/bin/sh", "-c", "busybox cat /proc/self/cgroup")
      #expect(entered.output == "0::/\n", "\(entered.errors)")
      let updated = try bundle.runtime("update", "--pids-limit", "33", bundle.id)
      #expect(updated.status == 0, "\(updated.errors)")
      #expect(try property("TasksMax", of: unit, asUser) == "33")
      #expect(try bundle.runtime("delete", "--force", bundle.id).status == 0)
      #expect(try property("LoadState", of: unit, asUser) == "not-found")
    }
  }
}
