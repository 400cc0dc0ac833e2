import OCIRuntimeSpec
import Testing

/// What an ordinary user may not do, in runc's words. Needs root, to become him.
@Suite(.serialized) struct RootlessRefusalTests {
  /// A configuration that is refused, with what both say, and what only ours says.
  struct Case: CustomTestStringConvertible, Sendable {
    var words: String
    var path: String
    var change: @Sendable (inout Spec) -> Void
    var testDescription: String { path }
  }

  static let cases = [
    Case(words: "rootless container requires user namespaces", path: "linux.namespaces") {
      $0.linux?.namespaces.removeAll { $0.type == .user }
      $0.linux?.uidMappings = []
      $0.linux?.gidMappings = []
    },
    Case(words: "cannot set any additional groups in a rootless container", path: "process.user.additionalGids") {
      $0.process?.user.additionalGids = [5]
    },
    // runc has other words for it under cgroup v2.
    Case(words: "cgroup", path: "memory.limit: cannot set memory limit: container could not join or create cgroup") {
      $0.linux?.resources = LinuxResources()
      $0.linux?.resources?.memory = LinuxMemory()
      $0.linux?.resources?.memory?.limit = 100_000_000
    },
    Case(words: "permission denied", path: "linux.cgroupsPath") { $0.linux?.cgroupsPath = "/proa-test-refused" },
    Case(
      words: "cannot specify gid= mount options for unmapped gid in rootless containers", path: "mounts[2].options"
    ) { $0.mounts[2].options.append("gid=5") },
    Case(words: "operation not permitted", path: "mounts[5]: sysfs on /sys") {
      ($0.mounts[5].type, $0.mounts[5].source, $0.mounts[5].options) = ("sysfs", "sysfs", [])
    },
    Case(words: "operation not permitted", path: "process.rlimits[0]") {
      $0.process?.rlimits[0].hard = 1 << 40
      $0.process?.rlimits[0].soft = 1 << 40
    },
    Case(words: "ermission denied", path: "process.oomScoreAdj") { $0.process?.oomScoreAdj = -500 },
    Case(words: "cannot set uid to unmapped user in user namespace", path: "process.user.uid") {
      $0.process?.user.uid = 7
    },
    Case(words: "newuidmap: ", path: "linux.uidMappings") {
      $0.linux?.uidMappings.append(LinuxIDMapping(containerID: 1, hostID: 7, size: 10))
    },
  ]

  @Test(arguments: cases) func areRefused(_ refused: Case) throws {
    for program in [RuntimeProgram.path, try RuntimeProgram.runc()] {
      try OrdinaryUser.with(program: program) {
        $0.process?.args = ["/bin/sh", "-c", "echo ran"]
        refused.change(&$0)
      } _: { _, bundle in
        let outcome = try bundle.run()
        #expect(outcome.status == 1 && outcome.output.isEmpty, "\(program): \(outcome.output)")
        #expect(outcome.errors.contains(refused.words), "\(program): \(outcome.errors)")
        if program == RuntimeProgram.path { #expect(outcome.errors.contains(refused.path), "\(outcome.errors)") }
      }
    }
  }

  @Test func whatNeedsAGroup() throws {
    try OrdinaryUser.with {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { _, bundle in
      try bundle.start()
      for (arguments, words) in [
        (["pause"], "cannot pause the container without a cgroup"), (["ps"], "the container is not using cgroups"),
        (["update", "--memory", "100000000"], "memory controller is not available"),
        (["kill", "--all"], "the container is not using cgroups"),
      ] {
        let outcome = try RuntimeProgram.run(
          ["--root", bundle.root] + arguments + [bundle.id], program: bundle.program)
        #expect(outcome.status == 1 && outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
      }
    }
  }

  /// `newuidmap` is asked for only where it is needed, and missed clearly.
  @Test func withoutThePrograms() throws {
    try OrdinaryUser.with(before: "export PATH=/nowhere") {
      $0.process?.args = ["/bin/sh", "-c", "echo ran"]
    } _: { user, bundle in
      #expect(try bundle.run().output == "ran\n")
      try user.configure(bundle) { $0.mapSubordinates() }
      let words = "linux.uidMappings: an ordinary user needs newuidmap for these"
      let outcome = try bundle.run()
      #expect(outcome.status == 1 && outcome.errors.contains(words), "\(outcome.errors)")
    }
  }
}
