import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Control groups that root has given to an ordinary user. Needs root.
@Suite(.serialized) struct DelegationTests {
  /// Makes `$group` in every hierarchy, gives it away, and enters it (on v2 a child of it, as systemd has it).
  private static func delegation(_ group: String) -> String {
    let owner = "\(OrdinaryUser.id):\(OrdinaryUser.id)"
    if Bundle.isUnified {
      return """
        cd /sys/fs/cgroup
        for name in $(cat cgroup.controllers); do echo +$name > cgroup.subtree_control; done
        mkdir -p \(group)/session && cd \(group)
        chown \(owner) . cgroup.procs cgroup.subtree_control cgroup.threads session session/cgroup.procs
        echo 0 > session/cgroup.procs; cd /
        """
    }
    return """
      for folder in /sys/fs/cgroup/*/; do
        mkdir -p $folder/\(group)
        if [ -e $folder/cpuset.cpus ]; then for file in cpuset.cpus cpuset.mems; do
          cat $folder/$file > $folder/\(group)/$file; done; fi
        chown \(owner) $folder/\(group) $folder/\(group)/cgroup.procs; echo 0 > $folder/\(group)/cgroup.procs
      done
      """
  }

  /// Takes them away again.
  private static func isRemoved(_ group: String) -> Bool {
    let top = "/sys/fs/cgroup"
    if Bundle.isUnified {
      return ["\(group)/session", group].allSatisfy { rmdir("\(top)/\($0)") == 0 || errno == ENOENT }
    }
    let folders = (try? Directory.folders(in: top)) ?? []
    return folders.allSatisfy { rmdir("\(top)/\($0)/\(group)") == 0 || errno == ENOENT }
  }

  private func with(
    _ change: (inout Spec) -> Void, _ body: (OrdinaryUser, Bundle) throws -> Void
  ) throws {
    let group = "proa-delegated-\(getpid())"
    let deadline = Deadline(afterMilliseconds: 20_000)
    defer {
      // The last command of his may still be on its way out; what stays fails the test.
      while !Self.isRemoved(group), !deadline.hasPassed { deadline.pause(milliseconds: 20) }
      #expect(Self.isRemoved(group))
    }
    try OrdinaryUser.with(
      before: Self.delegation(group),
      {
        $0.process?.args = ["/bin/sleep", "100"]
        change(&$0)
      }, body)
  }

  @Test func limitsAndFreezes() throws {
    try with {
      $0.linux?.resources = LinuxResources()
      $0.linux?.resources?.pids = LinuxPids()
      $0.linux?.resources?.pids?.limit = 7
      // Nobody but the host's root limits devices: not refused.
      $0.linux?.resources?.devices = [LinuxDeviceCgroup()]
      $0.linux?.resources?.devices[0].access = "rwm"
    } _: { _, bundle in
      try bundle.start()
      let pid = try bundle.initPID()
      let path = try Self.group(of: pid)
      #expect(path.hasSuffix("/\(bundle.id)"), "\(path)")
      let file = Bundle.isUnified ? "/sys/fs/cgroup\(path)/pids.max" : "/sys/fs/cgroup/pids\(path)/pids.max"
      #expect(try String(decoding: AtomicFile.read(file), as: UTF8.self) == "7\n")
      #expect(try bundle.runtime("update", "--pids-limit", "9", bundle.id).status == 0)
      #expect(try String(decoding: AtomicFile.read(file), as: UTF8.self) == "9\n")
      #expect(try bundle.runtime("exec", bundle.id, "/bin/true").status == 0)
      #expect(try bundle.runtime("pause", bundle.id).status == 0)
      #expect(try bundle.status == "paused")
      #expect(try bundle.runtime("resume", bundle.id).status == 0)
      #expect(try bundle.runtime("ps", "--format", "json", bundle.id).output == "[\(pid)]\n")
    }
  }

  private static func group(of pid: Int32) throws -> String {
    let lines = String(decoding: try AtomicFile.read("/proc/\(pid)/cgroup"), as: UTF8.self).split(separator: "\n")
    let line = lines.first { Bundle.isUnified ? $0.hasPrefix("0::") : $0.contains(":pids:") }
    return String(try #require(line).split(separator: ":", omittingEmptySubsequences: false)[2])
  }
}
