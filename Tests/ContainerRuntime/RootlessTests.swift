import LinuxKernel
import OCIRuntimeSpec
import Testing

@testable import ContainerRuntime

/// What an ordinary user is forgiven, and whom he may map.
@Suite struct RootlessTests {
  @Test(arguments: [
    ("true", true), ("1", true), ("T", true), ("false", false), ("0", false), ("F", false),
  ]) func isToldWithGosWords(text: String, forgives: Bool) throws {
    #expect(try Rootless(text)?.forgivesCgroups == forgives)
  }

  @Test(arguments: ["yes", "2", "rootless", " true"]) func otherWordsMeanNothing(text: String) {
    #expect(Rootless(text) == nil)
  }

  @Test func theStateOfTheMachinesRootIsTheMachines() throws {
    #expect(try Rootless.stateDirectory(in: ["HOME=/root"]) == nil)
    #expect(try Rootless.stateDirectory(in: ["XDG_RUNTIME_DIR="]) == nil)
  }

  @Test func mappedIDs() {
    let mappings = [
      LinuxIDMapping(containerID: 0, hostID: 1000, size: 1), LinuxIDMapping(containerID: 1, hostID: 100_000, size: 10),
    ]
    #expect(mappings.hostID(of: 0) == 1000 && mappings.hostID(of: 10) == 100_009)
    #expect(mappings.hostID(of: 11) == nil)
    #expect(mappings.mapText == "0 1000 1\n1 100000 10\n")
  }

  @Test func theUserIsSomebodyInTheContainer() throws {
    var linux = Linux()
    linux.namespaces = [LinuxNamespace(.mount), LinuxNamespace(.user)]
    linux.uidMappings = [LinuxIDMapping(containerID: 0, hostID: 1000, size: 1)]
    linux.gidMappings = [LinuxIDMapping(containerID: 0, hostID: 1000, size: 2)]
    let plan = try NamespacePlan(linux)
    var user = User()
    user.gid = 1
    try plan.check(user)
    user.gid = 2
    #expect(throws: RuntimeError(at: "process.user.gid", "cannot set gid to unmapped user in user namespace")) {
      try plan.check(user)
    }
    user.uid = 1
    #expect(throws: RuntimeError(at: "process.user.uid", "cannot set uid to unmapped user in user namespace")) {
      try plan.check(user)
    }
  }
}
