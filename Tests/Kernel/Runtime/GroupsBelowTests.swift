import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Containers that make groups of their own below, as systemd or another engine inside does. Needs root and v2.
@Suite(.serialized, .enabled(if: Bundle.isUnified)) struct GroupsBelowTests {
  private static let script = """
    cd /sys/fs/cgroup && busybox mkdir init other && echo 1 > init/cgroup.procs \
    && echo +pids > cgroup.subtree_control && : > /tmp/ready; exec busybox sleep 1000
    """

  private func nested(_ body: (Bundle) throws -> Void) throws {
    try Bundle.with { spec in
      spec.process?.args = ["/bin/sh", "-c", Self.script]
      spec.root?.readonly = false
      for index in spec.mounts.indices where spec.mounts[index].type == "cgroup" {
        spec.mounts[index].options.removeAll { $0 == "ro" }
      }
    } _: { bundle in
      try bundle.start()
      let deadline = Deadline(afterMilliseconds: 20_000)
      while access("\(bundle.folder)/rootfs/tmp/ready", F_OK) != 0 {
        try #require(!deadline.hasPassed, "no groups in time")
        deadline.pause(milliseconds: 20)
      }
      try body(bundle)
    }
  }

  /// The container's own group hands controllers down, so that the kernel lets nobody in.
  @Test func execGoesWhereTheInitIs() throws {
    try nested { bundle in
      let outcome = try bundle.runtime("exec", bundle.id, "/bin/cat", "/proc/self/cgroup")
      #expect(outcome.output == "0::/init\n", "\(outcome.errors)")
    }
  }

  @Test func execGoesWhereItIsSent() throws {
    try nested { bundle in
      let outcome = try bundle.runtime("exec", "--cgroup", "/other", bundle.id, "/bin/cat", "/proc/self/cgroup")
      #expect(outcome.output == "0::/other\n", "\(outcome.errors)")
    }
  }

  @Test func everyGroupIsFrozenAndRemoved() throws {
    try nested { bundle in
      #expect(try bundle.runtime("pause", bundle.id).status == 0)
      let frozen = String(
        decoding: try AtomicFile.read("/sys/fs/cgroup/\(bundle.id)/init/cgroup.events"), as: UTF8.self)
      #expect(frozen.contains("frozen 1"))
      #expect(try bundle.runtime("delete", "--force", bundle.id).status == 0)
    }
  }
}

/// Access to devices that changes while a container runs. Needs root; for v1 or hybrid hierarchies and for v2.
@Suite(.serialized) struct DeviceUpdateTests {
  @Test func rulesReplaceOthersAtOnce() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { bundle in
      try #require(mknod("\(bundle.folder)/rootfs/device", S_IFCHR | 0o666, dev_t(240 << 8 | 7)) == 0)
      try bundle.start()
      func access() throws -> String { try bundle.runtime("exec", bundle.id, "/bin/cat", "/device").errors }
      #expect(try access().contains("Operation not permitted"))
      for (allow, words) in [(true, "No such device"), (false, "Operation not permitted")] {
        let rule = #"{"devices":[{"allow":\#(allow),"type":"c","major":240,"minor":7,"access":"r"}]}"#
        let updated = try RuntimeProgram.run(["--root", bundle.root, "update", "-r", "-", bundle.id], input: rule)
        #expect(updated.status == 0, "\(updated.errors)")
        #expect(try access().contains(words))
        let null = try bundle.runtime("exec", bundle.id, "/bin/sh", "-c", ": > /dev/null && echo null")
        #expect(null.output == "null\n", "\(null.errors)")
      }
    }
  }
}
