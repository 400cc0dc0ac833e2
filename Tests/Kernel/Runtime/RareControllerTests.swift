import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Controllers that not every kernel has. Needs root; `hack/vm` has them all, on v2 and with --systemd=legacy on v1.
@Suite(.serialized) struct RareControllerTests {
  private static func has(_ controller: String) -> Bool {
    let path = Bundle.isUnified ? "/sys/fs/cgroup/cgroup.controllers" : "/proc/self/cgroup"
    let text = (try? AtomicFile.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split { ":,\n ".contains($0) }.contains { $0 == controller }
  }

  private func sleeping(_ limits: String, _ body: (Bundle) throws -> Void) throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { bundle in
      try bundle.configure { spec in #expect(throws: Never.self) { try spec.limit(limits) } }
      try bundle.start()
      try body(bundle)
    }
  }

  @Test(.enabled(if: has("hugetlb"))) func hugePages() throws {
    try sleeping(#"{"hugepageLimits":[{"pageSize":"2MB","limit":4194304}]}"#) { bundle in
      #expect(try bundle.group("hugetlb", v1: "hugetlb.2MB.limit_in_bytes", v2: "hugetlb.2MB.max") == "4194304")
      let statistics = try bundle.runtime("events", "--stats", bundle.id)
      #expect(statistics.output.contains("\"2MB\""))
    }
  }

  /// iproute2's program.
  private static let rdma = ["/sbin/rdma", "/bin/rdma"].first { (path: String) in access(path, X_OK) == 0 }
  /// The module of devices that are on an ordinary interface.
  private static let hasSoftDevices = access("/sys/module/rdma_rxe", F_OK) == 0

  /// A machine of `hack/vm`, which nothing outlasts.
  private static let isVirtual: Bool = {
    // A machine whose command line nobody may read is none.
    let line = (try? AtomicFile.read("/proc/cmdline")) ?? []
    return String(decoding: line, as: UTF8.self).contains("proa.init=")
  }()

  /// Linux 6.1, which `hack/vm` has, corrupts a list of its own when a soft device goes whose groups had limits, and then
  /// waits for ever: there the device stays, and its interface is not of a network that ends before the machine does.
  private static let canLeaveDevices = isVirtual && getenv("PROA_TEST_APART") == nil

  @Test(.enabled(if: has("rdma") && rdma != nil && hasSoftDevices && (!isVirtual || canLeaveDevices)))
  func remoteMemory() throws {
    let rdma = try #require(Self.rdma)
    let made = try RuntimeProgram.run(["link", "add", "proa0", "type", "rxe", "netdev", "lo"], program: rdma)
    try #require(made.status == 0, "\(made.errors)")
    defer { if !Self.canLeaveDevices { removeDevice(rdma) } }
    try sleeping(#"{"rdma":{"proa0":{"hcaHandles":3,"hcaObjects":10}}}"#) { bundle in
      let limits = try bundle.group("rdma", v1: "rdma.max", v2: "rdma.max")
      #expect(limits.hasPrefix("proa0 hca_handle=3 hca_object=10"), "\(limits)")
    }
  }

  private func removeDevice(_ rdma: String) {
    #expect((try? RuntimeProgram.run(["link", "delete", "proa0"], program: rdma).status) == 0)
  }

  @Test(.enabled(if: has("rdma"))) func remoteMemoryOfNoDevice() throws {
    try refused(#"{"rdma":{"proa1":{"hcaHandles":3}}}"#, "linux.resources.rdma.proa1: ")
  }

  private func refused(_ limits: String, _ reason: String) throws {
    try Bundle.with { _ in
    } _: { bundle in
      try bundle.configure { spec in #expect(throws: Never.self) { try spec.limit(limits) } }
      let outcome = try bundle.run()
      #expect(outcome.status == 1 && outcome.errors.contains(reason), "\(outcome.errors)")
    }
  }

  @Test(.enabled(if: has("net_cls"))) func packets() throws {
    try sleeping(#"{"network":{"classID":1048577,"priorities":[{"name":"lo","priority":5}]}}"#) { bundle in
      let mark = try bundle.group("net_cls", v1: "net_cls.classid", v2: "")
      #expect(mark == "1048577")
      let priorities = try bundle.group("net_prio", v1: "net_prio.ifpriomap", v2: "")
      #expect(priorities.contains("lo 5"))
    }
  }

  @Test(.enabled(if: Bundle.isUnified)) func filesByName() throws {
    let files =
      #"{"unified":{"memory.high":"67108864","memory.oom.group":"1","cpu.max":"20000 50000","pids.max":"44"}}"#
    try sleeping(files) { bundle in
      for (file, value) in [
        ("memory.high", "67108864"), ("memory.oom.group", "1"), ("cpu.max", "20000 50000"), ("pids.max", "44"),
      ] {
        let written = try bundle.group("", v1: "", v2: file)
        #expect(written == value)
      }
    }
  }

  /// Whether groups are made right below the root of the hierarchy, a partition: the root has no type.
  private static let isBelowRoot = access("/sys/fs/cgroup/cgroup.type", F_OK) != 0
  private static let partition = #"{"cpu":{"cpus":"1"},"unified":{"cpuset.cpus.partition":"root"}}"#

  @Test(.enabled(if: Bundle.isUnified && has("cpuset") && isBelowRoot)) func partitions() throws {
    try sleeping(Self.partition) { bundle in
      #expect(try bundle.group("", v1: "", v2: "cpuset.cpus.partition") == "root")
      let own = try bundle.runtime("exec", bundle.id, "/bin/busybox", "grep", "Cpus_allowed_list", "/proc/self/status")
      #expect(own.output == "Cpus_allowed_list:\t1\n", "\(own.errors)")
    }
  }

  /// The kernel takes the write, and only says in the file that it comes to nothing.
  @Test(.enabled(if: Bundle.isUnified && has("cpuset") && !isBelowRoot)) func partitionsOfNoPartition() throws {
    try refused(Self.partition, "root invalid (Parent is not a partition root)")
  }
}
