import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Containers of an ordinary user who is root in a user namespace that he has made himself, `unshare --map-root-user`: it
/// does not let him set groups. Needs root, to become him.
@Suite(.serialized) struct MappedRootTests {
  /// One of his groups, which is not mapped in the namespace.
  private static let group = OrdinaryUser.id + 1

  /// Runs a script as him, with the runtime, its state directory, the bundle and the id as its parameters.
  private func script(
    _ text: String, _ change: @escaping (inout Spec) -> Void = { _ in }
  ) throws -> RuntimeProgram.Outcome {
    var outcome: RuntimeProgram.Outcome?
    try OrdinaryUser.with {
      $0.process?.args = ["/bin/busybox", "sleep", "1000"]
      change(&$0)
    } _: { user, bundle in
      let become = ["--reuid", "\(OrdinaryUser.id)", "--regid", "\(OrdinaryUser.id)", "--groups", "\(Self.group)"]
      let shell = ["/usr/bin/unshare", "--map-root-user", "/bin/sh", "-euc", text, "sh"]
      outcome = try RuntimeProgram.run(
        become + shell + [RuntimeProgram.path, bundle.root, bundle.folder, bundle.id], program: "/usr/bin/setpriv")
    }
    return try #require(outcome)
  }

  private static let life = """
    runtime() { "$program" --root "$root" "$@"; }
    program=$1 root=$2
    runtime run --detach --bundle $3 $4 2>&1
    runtime exec $4 /bin/busybox sh -c 'busybox id -u; busybox id -g; echo x > /dev/null; busybox cat /proc/self/setgroups'
    runtime kill --all $4 KILL
    runtime delete --force $4
    """

  @Test func livesThere() throws {
    let outcome = try script(Self.life) {
      $0.linux?.namespaces.removeAll { $0.type == .user }
      $0.linux?.uidMappings = []
      $0.linux?.gidMappings = []
    }
    #expect(outcome.lines == ["0", "0", "deny"], "\(outcome.errors)")
  }

  @Test func livesInANamespaceBelow() throws {
    let outcome = try script(Self.life) {
      let himself = [LinuxIDMapping(containerID: 0, hostID: 0, size: 1)]
      $0.linux?.uidMappings = himself
      $0.linux?.gidMappings = himself
    }
    #expect(outcome.lines == ["0", "0", "deny"], "\(outcome.errors)")
  }

  @Test func isToldThatGroupsAreIgnored() throws {
    let outcome = try script(Self.life) {
      let himself = [LinuxIDMapping(containerID: 0, hostID: 0, size: 1)]
      $0.linux?.uidMappings = himself
      $0.linux?.gidMappings = himself
      $0.process?.user.additionalGids = [5]
    }
    let warning = "process.user.additionalGids: ignored, this user namespace does not let groups be set"
    #expect(outcome.lines.first?.contains(warning) == true && outcome.lines.suffix(3) == ["0", "0", "deny"])
    #expect(outcome.errors.contains(warning))
  }
}
