import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Descriptors above 2 that a process is to have, and those that it is not. Needs root.
@Suite(.serialized) struct HandoverTests {
  /// A shell becomes the runtime, so that it may open descriptors and know its own pid.
  private func become(_ bundle: Bundle, _ before: String, _ command: String) throws -> RuntimeProgram.Outcome {
    let runtime = "exec \(before) \(RuntimeProgram.path) --root \(bundle.root) \(command)"
    return try RuntimeProgram.run(["-c", runtime], program: "/bin/bash")
  }

  private static let list = "cd /proc/self/fd; for fd in *; do [ -e $fd ] && echo $fd; done; cat <&3"

  private func listing(_ body: (Bundle) throws -> RuntimeProgram.Outcome) throws -> RuntimeProgram.Outcome {
    var outcome: RuntimeProgram.Outcome?
    try Bundle.with {
      $0.process?.args = ["/bin/sh", "-c", "echo fds $LISTEN_FDS $LISTEN_PID; \(Self.list)"]
    } _: { bundle in
      try AtomicFile.write(Array("handed over\n".utf8), to: "\(bundle.folder)/passed")
      outcome = try body(bundle)
    }
    return try #require(outcome)
  }

  @Test func preservedDescriptorsAreThere() throws {
    let outcome = try listing { bundle in
      try become(
        bundle, "", "run --preserve-fds 1 -b \(bundle.folder) \(bundle.id) 3<\(bundle.folder)/passed 4</etc/passwd")
    }
    #expect(
      outcome.lines.filter { !["0", "1", "2"].contains($0) } == ["fds", "3", "handed over"], "\(outcome.errors)")
  }

  @Test func oneThatIsNotOpenIsAnError() throws {
    let outcome = try listing { bundle in
      try become(bundle, "", "run --preserve-fds 2 -b \(bundle.folder) \(bundle.id) 3<\(bundle.folder)/passed 4<&-")
    }
    #expect(outcome.status == 1 && outcome.errors.contains("--preserve-fds: there is no open file 4"))
  }

  @Test func socketActivationIsPassedOn() throws {
    let outcome = try listing { bundle in
      try become(
        bundle, "env LISTEN_PID=$$ LISTEN_FDS=1", "run -b \(bundle.folder) \(bundle.id) 3<\(bundle.folder)/passed")
    }
    #expect(outcome.lines.first == "fds 1 1" && outcome.lines.last == "handed over", "\(outcome.errors)")
  }

  @Test func anothersSocketActivationIsNot() throws {
    let outcome = try listing { bundle in
      try become(
        bundle, "env LISTEN_PID=1 LISTEN_FDS=1", "run -b \(bundle.folder) \(bundle.id) 3<\(bundle.folder)/passed")
    }
    #expect(outcome.lines.first == "fds" && !outcome.lines.contains("3"), "\(outcome.output)")
  }

  @Test func execPreservesToo() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { bundle in
      try AtomicFile.write(Array("handed over\n".utf8), to: "\(bundle.folder)/passed")
      try bundle.start()
      let outcome = try become(
        bundle, "", "exec --preserve-fds 1 \(bundle.id) /bin/sh -c 'cat <&3' 3<\(bundle.folder)/passed")
      #expect(outcome.output == "handed over\n", "\(outcome.errors)")
    }
  }

  /// The namespaces, the groups and the root are the container's.
  @Test func execJoinsTheContainer() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
      $0.linux?.namespaces.removeAll { $0.type == .cgroup }
      $0.linux?.namespaces.append(LinuxNamespace(.cgroup))
    } _: { bundle in
      try bundle.start()
      let kinds = ["mnt", "pid", "net", "ipc", "uts", "cgroup"]
      let script =
        "for kind in \(kinds.joined(separator: " ")); do busybox readlink /proc/self/ns/$kind; done; cat /proc/self/cgroup"
      let outcome = try bundle.runtime("exec", bundle.id, "/bin/sh", "-c", script)
      let namespaces = try FileDescriptor.open("/proc/\(try bundle.initPID())/ns", .pathOnly)
      #expect(outcome.lines.prefix(6).map(String.init) == (try kinds.map { try namespaces.symbolicLink(at: $0) }))
      // Seen from the container's cgroup namespace it is at the root of each hierarchy.
      #expect(outcome.lines.dropFirst(6).allSatisfy { $0.hasSuffix(":/") }, "\(outcome.output)")
    }
  }
}
