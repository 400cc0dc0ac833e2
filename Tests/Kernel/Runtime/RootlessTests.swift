import Glibc
import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Containers of an ordinary user. Needs root, to become him, and the programs of Debian's `uidmap`.
@Suite(.serialized) struct RootlessTests {
  private func shell(
    _ script: String, _ change: @escaping (inout Spec) -> Void = { _ in }
  ) throws -> RuntimeProgram.Outcome {
    var outcome: RuntimeProgram.Outcome?
    try OrdinaryUser.with {
      $0.process?.args = ["/bin/busybox", "sh", "-c", script]
      change(&$0)
    } _: { _, bundle in
      outcome = try bundle.run()
    }
    return try #require(outcome)
  }

  /// Without help he is root, and alone.
  @Test func mapsHimself() throws {
    let script = """
      busybox id -u; busybox id -g; busybox awk '{ print $1, $2, $3 }' /proc/self/uid_map; cat /proc/self/setgroups
      echo x > /dev/null; echo x > /tmp/file; busybox stat -c %u:%g /tmp/file; busybox ls /dev/pts /sys > /dev/null
      """
    let outcome = try shell(script) { $0.root?.readonly = false }
    #expect(outcome.lines == ["0", "0", "0 \(OrdinaryUser.id) 1", "deny", "0:0"], "\(outcome.errors)")
    #expect(outcome.status == 0)
  }

  /// With `newuidmap` and `newgidmap` there are others, and groups.
  @Test func mapsSubordinates() throws {
    var owner: FileStatus?
    try OrdinaryUser.with {
      $0.mapSubordinates()
      $0.root?.readonly = false
      $0.process?.user.uid = 1000
      $0.process?.user.gid = 1001
      $0.process?.args = ["/bin/sh", "-c", "busybox id -u; busybox id -g; cat /proc/self/setgroups; echo > /home/file"]
    } _: { user, bundle in
      let home = "\(bundle.folder)/rootfs/home"
      #expect(chown(home, OrdinaryUser.firstSubordinate + 999, OrdinaryUser.firstSubordinate + 1000) == 0)
      let outcome = try bundle.run()
      #expect(outcome.lines == ["1000", "1001", "allow"], "\(outcome.errors)")
      owner = try FileStatus.of("\(home)/file")
    }
    #expect(owner?.owner == OrdinaryUser.firstSubordinate + 999)
    #expect(owner?.group == OrdinaryUser.firstSubordinate + 1000)
  }

  @Test(arguments: [false, true]) func lives(withSubordinates: Bool) throws {
    try OrdinaryUser.with {
      $0.process?.args = ["/bin/sleep", "100"]
      if withSubordinates { $0.mapSubordinates() }
    } _: { user, bundle in
      #expect(try bundle.runtime("create", "--bundle", bundle.folder, bundle.id).status == 0)
      #expect(try bundle.status == "created")
      #expect(try bundle.runtime("start", bundle.id).status == 0)
      #expect(try bundle.status == "running")
      let listed = try bundle.runtime("list", "--format", "json").output
      #expect(try JSONReader.read(listed).array?.first?["owner"]?.string == "proa-user", "\(listed)")
      for namespace in ["user", "pid", "mnt", "ipc", "uts"] {
        let links = try bundle.runtime("exec", bundle.id, "busybox", "readlink", "/proc/1/ns/\(namespace)").output
        let own = try bundle.runtime("exec", bundle.id, "busybox", "readlink", "/proc/self/ns/\(namespace)").output
        #expect(links == own && links.hasPrefix("\(namespace):"), "\(namespace)")
      }
      let missing = try bundle.runtime("exec", bundle.id, "nope")
      #expect(missing.status == 255 && missing.errors.contains("executable file not found in $PATH"))
      #expect(try bundle.runtime("exec", bundle.id, "/bin/sh", "-c", "exit 9").status == 9)
      #expect(try bundle.runtime("kill", "--all", bundle.id, "KILL").status == 0)
      try bundle.waitFor("stopped")
      #expect(try bundle.runtime("delete", bundle.id).status == 0)
    }
  }

  @Test func execBecomesASubordinate() throws {
    try OrdinaryUser.with {
      $0.process?.args = ["/bin/sleep", "100"]
      $0.process?.oomScoreAdj = 500
      $0.mapSubordinates()
    } _: { user, bundle in
      try bundle.start()
      let script = "busybox id -u; busybox id -g; busybox id -G; cat /proc/self/oom_score_adj"
      let outcome = try bundle.runtime("exec", "--user", "5:6", bundle.id, "/bin/sh", "-c", script)
      #expect(outcome.lines == ["5", "6", "6", "500"], "\(outcome.errors)")
      let unmapped = try bundle.runtime("exec", "--user", "70000", bundle.id, "/bin/true")
      #expect(unmapped.status == 255 && unmapped.errors.contains("process.user"), "\(unmapped.errors)")
      // The host's root gets in as well, and leaves the host's groups behind.
      let byRoot = try RuntimeProgram.run(
        ["--root", bundle.root, "exec", bundle.id, "/bin/sh", "-c", "busybox id -G; cat /proc/self/setgroups"])
      #expect(byRoot.lines == ["0", "allow"], "\(byRoot.errors)")
    }
  }

  @Test func stateIsInTheUsersRuntimeFolder() throws {
    try OrdinaryUser.with {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { user, bundle in
      let run = try RuntimeProgram.run(["run", "-d", "--bundle", bundle.folder, bundle.id], program: user.program)
      #expect(run.status == 0, "\(run.errors)")
      let state = try FileStatus.of("\(user.runtimeFolder)/proa-runtime")
      #expect(state?.permissions == 0o1700 && state?.owner == OrdinaryUser.id)
      #expect(try RuntimeProgram.run(["list", "-q"], program: user.program).output == "\(bundle.id)\n")
      #expect(try RuntimeProgram.run(["delete", "-f", bundle.id], program: user.program).status == 0)
      #expect(try RuntimeProgram.run(["list", "-q"], program: user.program).output.isEmpty)
    }
  }

  @Test func theClockOfATimeNamespace() throws {
    let outcome = try shell("busybox awk '{ exit $1 < 9000000 }' /proc/uptime; echo $?; busybox id -u") {
      $0.linux?.namespaces.append(LinuxNamespace(.time))
      var offset = LinuxTimeOffset()
      offset.secs = 10_000_000
      $0.linux?.timeOffsets = ["boottime": offset]
    }
    #expect(outcome.lines == ["0", "0"], "\(outcome.errors)")
  }

  @Test func theTerminalIsHis() throws {
    try OrdinaryUser.with {
      $0.process?.terminal = true
      $0.process?.args = ["/bin/sh", "-c", "busybox tty; echo to-console > /dev/console; read x; echo $x"]
    } _: { user, bundle in
      let path = "\(bundle.folder)/console.sock"
      let listener = try UnixSocket.listen(at: path)
      try user.give(path)
      let created = try bundle.runtime("run", "-d", "--bundle", bundle.folder, "--console-socket", path, bundle.id)
      try #require(created.status == 0, "\(created.errors)")
      try #require(try listener.waitReadable(milliseconds: 10_000))
      let master = try TerminalTests.master(from: listener)
      try master.writeAll(Array("typed\n".utf8))
      let lines = try TerminalTests.output(of: master).split { $0 == "\r" || $0 == "\n" || $0 == "\r\n" }
      #expect(lines.contains("/dev/pts/0") && lines.contains("to-console") && lines.last == "typed", "\(lines)")
    }
  }
}
