import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Options of the commands that have no other place. Needs root.
@Suite(.serialized) struct OptionTests {
  private func sleeping(_ change: (inout Spec) -> Void = { _ in }, _ body: (Bundle) throws -> Void) throws {
    try Bundle.with(
      { spec in
        spec.process?.args = ["/bin/sleep", "100"]
        change(&spec)
      }, body)
  }

  /// The pid of the process that a descriptor which came through `listener` stands for.
  private func pid(from listener: borrowing FileDescriptor) throws -> String? {
    try #require(try listener.waitReadable(milliseconds: 10_000))
    guard let connection = try listener.acceptConnection() else { return nil }
    let socket = MessageSocket(owning: connection)
    guard let process = try socket.receiveDescriptor() else { return nil }
    let info = String(decoding: try AtomicFile.read("/proc/self/fdinfo/\(process.number)"), as: UTF8.self)
    return info.split(separator: "\n").first { $0.hasPrefix("Pid:") }?.split(separator: "\t").last.map(String.init)
  }

  @Test func aDescriptorOfTheProcessIsHandedOver() throws {
    try sleeping { bundle in
      let path = "\(bundle.folder)/pidfd.sock"
      let listener = try UnixSocket.listen(at: path)
      let created = try bundle.runtime("create", "--bundle", bundle.folder, "--pidfd-socket", path, bundle.id)
      try #require(created.status == 0, "\(created.errors)")
      let initPID = try pid(from: listener)
      #expect(try initPID == "\(bundle.initPID())")
      #expect(try bundle.runtime("start", bundle.id).status == 0)
      let file = "\(bundle.folder)/pid"
      let executed = try bundle.runtime(
        "exec", "--detach", "--pidfd-socket", path, "--pid-file", file, bundle.id, "/bin/sleep", "100")
      try #require(executed.status == 0, "\(executed.errors)")
      let execPID = try pid(from: listener)
      #expect(execPID == String(decoding: try AtomicFile.read(file), as: UTF8.self))
    }
  }

  @Test func nobodyListeningForItIsAnError() throws {
    try sleeping { bundle in
      let outcome = try bundle.runtime("create", "-b", bundle.folder, "--pidfd-socket", "/not/there", bundle.id)
      #expect(outcome.status == 1 && outcome.errors.contains("--pidfd-socket: "), "\(outcome.errors)")
      #expect(try bundle.known().isEmpty)
    }
  }

  @Test func execEntersAnInnerGroup() throws {
    try sleeping { bundle in
      try bundle.start()
      let folder = Bundle.isUnified ? bundle.id : "memory/\(bundle.id)"
      try Directory.make("/sys/fs/cgroup/\(folder)/inner/most", mode: 0o755)
      let argument = Bundle.isUnified ? "inner/most" : "memory:inner/most"
      let outcome = try bundle.runtime("exec", "--cgroup", argument, bundle.id, "cat", "/proc/self/cgroup")
      #expect(outcome.lines.contains { $0.hasSuffix("/inner/most") }, "\(outcome.output)\(outcome.errors)")
      #expect(Bundle.isUnified || outcome.lines.contains { $0.contains(":pids:") && !$0.contains("inner") })
    }
  }

  @Test(arguments: [
    (["../up"], "bad sub cgroup path"), (["nonsense:x"], "unknown controller nonsense"), ([":x"], "empty <controller>"),
    (["memory:a", "memory:b"], "specified multiple times"), (["a", "b"], "missing <controller>"),
    (["not-there"], "no such file or directory"),
  ])
  func innerGroupsThatAreNone(arguments: [String], reason: String) throws {
    try sleeping { bundle in
      try bundle.start()
      let options = arguments.flatMap { ["--cgroup", $0] }
      let outcome = try RuntimeProgram.run(["--root", bundle.root, "exec"] + options + [bundle.id, "/bin/true"])
      #expect(outcome.status == 255 && outcome.errors.contains(reason), "\(outcome.errors)")
    }
  }

  @Test func containersAreDeletedByPattern() throws {
    try sleeping { bundle in
      for name in ["one", "two"] {
        let folder = "\(bundle.root)/\(bundle.id)-\(name)"
        try Directory.make(folder)
      }
      #expect(try bundle.runtime("delete", "--regex", "[", "x").status == 1)
      let wrong = try bundle.runtime("delete", "--regex", "(")
      #expect(wrong.status == 1 && wrong.errors.contains("--regex: "), "\(wrong.errors)")
      try bundle.start()
      let running = try bundle.runtime("delete", "--regex", "^\(bundle.id)$")
      #expect(running.status == 1 && running.errors.contains("\(bundle.id): cannot delete"), "\(running.errors)")
      #expect(try bundle.runtime("delete", "--regex", "--force", "[-](one|two)$").status == 0)
      #expect(try bundle.known() == [bundle.id])
    }
  }

  @Test(arguments: [true, false]) func theSessionKeyringIsTheContainers(isNew: Bool) throws {
    try Bundle.with {
      $0.process?.args = ["/bin/busybox", "cat", "/proc/keys"]
      $0.linux?.maskedPaths = []
    } _: { bundle in
      let options = isNew ? [] : ["--no-new-keyring"]
      let outcome = try RuntimeProgram.run(["--root", bundle.root, "run", "-b", bundle.folder] + options + [bundle.id])
      #expect(outcome.output.contains("_ses.\(bundle.id)") == isNew, "\(outcome.output)\(outcome.errors)")
    }
  }

  /// Another user may look at the keyring only because it is his process's own.
  @Test(arguments: [true, false]) func theSessionKeyringIsThatOfExecToo(isNew: Bool) throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "1000"]
      $0.linux?.maskedPaths = []
    } _: { bundle in
      let options = isNew ? [] : ["--no-new-keyring"]
      let run = ["--root", bundle.root, "run", "--detach", "-b", bundle.folder] + options + [bundle.id]
      #expect(try RuntimeProgram.run(run).status == 0)
      let outcome = try bundle.runtime("exec", "--user", "1000", bundle.id, "/bin/cat", "/proc/keys")
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("_ses.\(bundle.id)") == isNew, "\(outcome.output)\(outcome.errors)")
    }
  }

  @Test func theRootIsEnteredWithoutPivot() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/busybox", "ls", "/"]
    } _: { bundle in
      let outcome = try bundle.runtime("run", "--no-pivot", "-b", bundle.folder, bundle.id)
      #expect(
        outcome.status == 0 && outcome.lines.contains("home") && !outcome.lines.contains("boot"), "\(outcome.errors)")
    }
  }

  @Test func aContainerIsKept() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/busybox", "sh", "-c", "exit 3"]
    } _: { bundle in
      let outcome = try bundle.runtime("run", "--keep", "-b", bundle.folder, bundle.id)
      let status = try bundle.status
      #expect(outcome.status == 3 && status == "stopped", "\(outcome.errors)")
    }
  }

  @Test func aManagerThatIsNone() throws {
    let outcome = try RuntimeProgram.run(["--cgroup-manager", "none", "list"])
    #expect(outcome.status == 1 && outcome.errors.contains("--cgroup-manager: "))
  }

  /// crun's options: another configuration, and signals by a pattern of names.
  @Test func anotherConfiguration() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { bundle in
      #expect(try bundle.runtime("spec", "-f", "\(bundle.folder)/other.json").status == 0)
      #expect(try bundle.runtime("spec", "-f", "other.json", "-b", bundle.folder).errors.contains("other.json exists"))
      let text = try AtomicFile.read("\(bundle.folder)/config.json")
      try AtomicFile.write(text, to: "\(bundle.folder)/other.json")
      #expect(unlink("\(bundle.folder)/config.json") == 0)
      let run = try bundle.runtime(
        "run", "-d", "--no-subreaper", "--config", "other.json", "-b", bundle.folder, bundle.id)
      #expect(run.status == 0, "\(run.errors)")
      #expect(try bundle.runtime("kill", "--regex", "no-\(bundle.id)", "KILL").status == 0)
      #expect(try bundle.status == "running")
      #expect(try bundle.runtime("kill", "--regex", "^proa-test.*", "KILL").status == 0)
      try bundle.waitFor("stopped")
    }
  }

  @Test(arguments: [true, false])
  func stepsAreToldToWhoAsks(asks: Bool) throws {
    try Bundle.with {
      $0.process?.args = ["/bin/true"]
    } _: { bundle in
      let log = "\(bundle.folder)/log"
      let option = asks ? "--debug" : "--debug=false"
      let outcome = try bundle.runtime(
        option, "--log", log, "--log-format", "json", "run", "-b", bundle.folder, bundle.id)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let text = try FileStatus.of(log) == nil ? "" : String(decoding: try AtomicFile.read(log), as: UTF8.self)
      #expect(text.contains(#""level":"debug","msg":"the first process is "#) == asks, "\(text)")
      #expect(text.contains("exit status 0") == asks, "\(text)")
    }
  }

  /// As of runc, which has it for `run` alone.
  @Test func createHasNoSubreaper() throws {
    try Bundle.with { bundle in
      let outcome = try bundle.runtime("create", "--no-subreaper", "-b", bundle.folder, bundle.id)
      #expect(outcome.status == 1 && outcome.output.contains("no-subreaper"), "\(outcome.output)\(outcome.errors)")
    }
  }

  /// crun's word for a container that stays in the groups of who starts it.
  @Test func withoutControlGroups() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/busybox", "cat", "/proc/self/cgroup"]
    } _: { bundle in
      let own = String(decoding: try AtomicFile.read("/proc/self/cgroup"), as: UTF8.self)
      let arguments = ["run", "-b", bundle.folder, bundle.id]
      let outcome = try bundle.runtime("--cgroup-manager", "disabled", "run", "-b", bundle.folder, bundle.id)
      #expect(outcome.status == 0 && outcome.output == own, "\(outcome.errors)")
      try bundle.configure { try? $0.limit(#"{"pids":{"limit":7}}"#) }
      let limited = try RuntimeProgram.run(["--root", bundle.root, "--cgroup-manager", "disabled"] + arguments)
      #expect(limited.status == 1 && limited.errors.contains("linux.resources.pids.limit: "), "\(limited.errors)")
    }
  }

  /// `rro` on a file system, and on a bind mount with another mount below.
  @Test func attributesOfAllMountsBelow() throws {
    try Bundle.with {
      $0.process?.args = [
        "/bin/busybox", "sh", "-c", "for path in /a /a/b /c; do busybox touch $path/x || echo refused; done",
      ]
      $0.mounts += [
        OptionTests.mount("/a", "tmpfs", "tmpfs", ["rro", "rnoexec"]), OptionTests.mount("/a/b", "tmpfs", "tmpfs", []),
        OptionTests.mount("/c", "bind", "/tmp", ["rbind", "rro"]),
      ]
    } _: { bundle in
      let outcome = try bundle.run()
      #expect(outcome.output == "refused\nrefused\nrefused\n", "\(outcome.errors)")
    }
  }

  private static func mount(_ destination: String, _ type: String, _ source: String, _ options: [String]) -> Mount {
    var mount = Mount()
    (mount.destination, mount.type, mount.source, mount.options) = (destination, type, source, options)
    return mount
  }
}
