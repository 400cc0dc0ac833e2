import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// What ends when it should not: a clear error, and nothing left. Needs root.
@Suite(.serialized) struct DeathTests {
  private func killing(_ script: String) -> (inout Spec) -> Void {
    { spec in
      var hook = Hook()
      (hook.path, hook.args) = ("/bin/sh", ["sh", "-c", script])
      spec.process?.args = ["/bin/sleep", "100"]
      spec.hooks = Hooks()
      spec.hooks?.createRuntime = [hook]
    }
  }

  @Test func theInitDiesWhileItIsMade() throws {
    try Bundle.with(killing("kill -9 $(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/')")) { bundle in
      let outcome = try bundle.runtime("create", "--bundle", bundle.folder, bundle.id)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("the container's first process ended unexpectedly"), "\(outcome.errors)")
      #expect(try bundle.known().isEmpty)
    }
  }

  /// Nobody is there to tidy up; the init sees that and ends, and `delete` finds the rest.
  @Test func theRuntimeDiesWhileItMakesAContainer() throws {
    try Bundle.with(killing("kill -9 $PPID; cat")) { bundle in
      let outcome = try bundle.runtime("create", "--bundle", bundle.folder, bundle.id)
      #expect(outcome.status == 137)
      try bundle.waitFor("stopped")
      #expect(try bundle.runtime("start", bundle.id).status == 1)
      #expect(try bundle.runtime("delete", bundle.id).status == 0)
    }
  }

  /// Without a pid namespace of its own, processes outlive the init: they go with the container.
  @Test(arguments: [true, false]) func processesThatOutliveTheInitAreEnded(force: Bool) throws {
    try Bundle.with { spec in
      spec.process?.args = ["/bin/sh", "-c", "busybox setsid busybox sleep 1000 & busybox sleep 0.1"]
      spec.linux?.namespaces.removeAll { $0.type == .pid }
    } _: { bundle in
      try bundle.start()
      try bundle.waitFor("stopped")
      #expect(try bundle.runtime("ps", "--format", "json", bundle.id).output != "null\n")
      let deleted = force ? try bundle.runtime("delete", "--force", bundle.id) : try bundle.runtime("delete", bundle.id)
      #expect(deleted.status == 0, "\(deleted.errors)")
    }
  }

  /// A state file that was cut off at any place is named, and the container is removed by force.
  @Test(arguments: [0, 1, 40, 200]) func aTornStateFile(length: Int) throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "1000"]
    } _: { bundle in
      try bundle.start()
      let path = "\(bundle.root)/\(bundle.id)/state.json"
      try AtomicFile.write(Array(try AtomicFile.read(path).prefix(length)), to: path)
      for command in ["state", "start", "pause", "kill", "ps"] {
        let outcome = try bundle.runtime(command, bundle.id)
        #expect(outcome.status == 1 && outcome.errors.contains("state.json: "), "\(command): \(outcome.errors)")
      }
      let list = try bundle.runtime("list", "-q")
      #expect(list.output.isEmpty && list.errors.contains("load container \(bundle.id)"))
    }
  }

  /// A `create` that was cut short before it saw that its cgroup is another container's.
  @Test func whatIsLeftOfACreateDoesNotEndAnotherContainer() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "1000"]
      $0.linux?.cgroupsPath = "/proa-taken-\(getpid())"
    } _: { bundle in
      try bundle.start()
      let left = "\(bundle.root)/\(bundle.id)-left"
      try Directory.make(left)
      let configuration = try AtomicFile.read("\(bundle.root)/\(bundle.id)/config.json")
      try AtomicFile.write(configuration, to: "\(left)/config.json")
      #expect(try bundle.runtime("delete", "--force", "\(bundle.id)-left").status == 0)
      #expect(try FileStatus.of(left) == nil)
      #expect(try bundle.runtime("state", bundle.id).output.contains(#""status": "running""#))
    }
  }
}
