import Glibc
import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// The commands on one container. Needs root.
@Suite(.serialized) struct LifecycleTests {
  @Test func fromCreateToDelete() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "1000"]
    } _: { bundle in
      let pidFile = "\(bundle.folder)/pid"
      let created = try bundle.runtime("create", "--bundle", bundle.folder, "--pid-file", pidFile, bundle.id)
      #expect(created.status == 0, "\(created.errors)")
      #expect(try bundle.status == "created")
      let pid = String(decoding: try AtomicFile.read(pidFile), as: UTF8.self)
      #expect(try bundle.state()["pid"] == .number(JSONNumber(try #require(Int32(pid)))))
      #expect(
        try bundle.runtime("create", "--bundle", bundle.folder, bundle.id).errors.contains("container with id exists"))
      #expect(try bundle.runtime("start", bundle.id).status == 0)
      #expect(try bundle.status == "running")
      #expect(try bundle.runtime("start", bundle.id).errors.contains("cannot start an already running container"))
      #expect(try bundle.runtime("list", "-q").output == "\(bundle.id)\n")
      #expect(try bundle.runtime("list").output.contains("running"))
      #expect(try bundle.runtime("delete", bundle.id).errors.contains("that is not stopped: running"))
      #expect(try bundle.runtime("kill", bundle.id, "KILL").status == 0)
      try bundle.waitFor("stopped")
      #expect(try bundle.state()["pid"] == .number(JSONNumber(0)))
      #expect(try bundle.runtime("kill", bundle.id, "KILL").errors.contains("container not running"))
      #expect(try bundle.runtime("delete", bundle.id).status == 0)
      #expect(try bundle.runtime("state", bundle.id).errors.contains("container does not exist"))
    }
  }

  @Test func oneOfTwoCreatesWins() throws {
    try Bundle.with { bundle in
      let null = try FileDescriptor.open("/dev/null", .readWrite)
      let arguments = ["proa-runtime", "--root", bundle.root, "create", "--bundle", bundle.folder, bundle.id]
      let pids = try (0..<4).map { _ in
        try ChildProcess.spawn(RuntimeProgram.path, arguments, stdin: null, stdout: null, stderr: null)
      }
      let statuses = try pids.map { try #require(try Processes.reap($0)).status.shellStatus }
      #expect(statuses.sorted() == [0, 1, 1, 1])
      #expect(try bundle.status == "created")
    }
  }

  @Test func exec() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "1000"]
    } _: { bundle in
      try bundle.start()
      let script =
        "busybox id -u; pwd; echo $A $HOME; echo $PPID; busybox readlink /proc/self/ns/net; exit 5"
      let outcome = try bundle.runtime(
        "exec", "--user", "1000:1000", "--cwd", "/tmp", "-e", "A=b", bundle.id, "sh", "-c", script)
      #expect(outcome.status == 5, "\(outcome.errors)")
      #expect(outcome.lines.prefix(4) == ["1000", "/tmp", "b /home/user", "0"])
      guard case .number(let pid)? = try bundle.state()["pid"] else { return #expect(Bool(false)) }
      let namespaces = try FileDescriptor.open("/proc/\(pid.text)/ns", .pathOnly)
      #expect(outcome.lines.last.map(String.init) == (try namespaces.symbolicLink(at: "net")))
      let missing = try bundle.runtime("exec", bundle.id, "nope")
      #expect(missing.status == 255)
      #expect(missing.errors.contains("exec: \\\"nope\\\": executable file not found in $PATH"))
    }
  }

  @Test func execOfAProcessFile() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "1000"]
    } _: { bundle in
      try bundle.start()
      let process =
        "{\"args\":[\"/bin/sh\",\"-c\",\"echo in; sleep 1000\"],\"cwd\":\"/\",\"user\":{\"uid\":0,\"gid\":0}}"
      try AtomicFile.write(Array(process.utf8), to: "\(bundle.folder)/process.json")
      let outcome = try bundle.runtime(
        "exec", "--detach", "--process", "\(bundle.folder)/process.json", "--pid-file", "\(bundle.folder)/pid",
        bundle.id)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let pid = try #require(Int32(String(decoding: try AtomicFile.read("\(bundle.folder)/pid"), as: UTF8.self)))
      let groups = String(decoding: try AtomicFile.read("/proc/\(pid)/cgroup"), as: UTF8.self)
      #expect(groups.split(separator: "\n").allSatisfy { $0.hasSuffix("/\(bundle.id)") }, "\(groups)")
    }
  }

  @Test func joiningNamespaces() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "1000"]
    } _: { first in
      try first.start()
      guard case .number(let pid)? = try first.state()["pid"] else { return #expect(Bool(false)) }
      try Bundle.with {
        let script = "for kind in pid net ipc uts; do busybox readlink /proc/self/ns/$kind; done; echo $PPID"
        $0.process?.args = ["/bin/sh", "-c", script]
        $0.hostname = nil
        $0.linux?.namespaces = [
          LinuxNamespace(.mount), LinuxNamespace(.pid, path: "/proc/\(pid.text)/ns/pid"),
          LinuxNamespace(.network, path: "/proc/\(pid.text)/ns/net"),
          LinuxNamespace(.ipc, path: "/proc/\(pid.text)/ns/ipc"),
          LinuxNamespace(.uts, path: "/proc/\(pid.text)/ns/uts"),
        ]
      } _: { second in
        let outcome = try second.run()
        let folder = try FileDescriptor.open("/proc/\(pid.text)/ns", .pathOnly)
        let expected = try ["pid", "net", "ipc", "uts"].map { try folder.symbolicLink(at: $0) } + ["0"]
        #expect(outcome.lines.map(String.init) == expected, "\(outcome.errors)")
      }
    }
  }
}
