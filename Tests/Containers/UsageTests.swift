import Foundation
import LinuxKernel
import Synchronization
import Testing

@testable import Containers

struct UsageTests {
  private static let mountinfo = """
    30 29 0:26 / /sys/fs/cgroup ro shared:1 - tmpfs tmpfs ro,mode=755
    31 30 0:27 / /sys/fs/cgroup/memory rw shared:2 - cgroup cgroup rw,memory
    32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw shared:3 - cgroup cgroup rw,cpu,cpuacct
    33 30 0:29 / /sys/fs/cgroup/unified rw shared:4 - cgroup2 cgroup2 rw
    """

  @Test func `a controller's folder is where its hierarchy is mounted`() throws {
    let folders = try Self.folders(
      cgroup: "3:cpu,cpuacct:/proa/a:b\n2:memory:/\n1:name=systemd:/x\n0::/proa/c\n", mountinfo: Self.mountinfo)
    #expect(try #require(folders.folder("cpuacct")) == ("/sys/fs/cgroup/cpu,cpuacct/proa/a:b", true))
    #expect(try #require(folders.folder("memory")) == ("/sys/fs/cgroup/memory", true))
    #expect(try #require(folders.folder("pids")) == ("/sys/fs/cgroup/unified/proa/c", false))
    #expect(try Self.folders(cgroup: "1:name=systemd:/x\n", mountinfo: Self.mountinfo).folder("cpu") == nil)
  }

  @Test func `the table of mounts is read no further than it takes`() throws {
    var lines = Self.mountinfo.split(separator: "\n").map(String.init)[...]
    _ = try CgroupFolders(cgroup: "2:memory:/\n3:cpu,cpuacct:/\n") { lines.popFirst() }
    #expect(lines.count == 1)
  }

  private static func folders(cgroup: String, mountinfo: String) throws -> CgroupFolders {
    var lines = mountinfo.split(separator: "\n").map(String.init)[...]
    return try CgroupFolders(cgroup: cgroup) { lines.popFirst() }
  }

  /// What a reader finds in cgroups with these files, by the hierarchies' names; all are in `v2` with v2.
  private func read(_ files: [String: String]) throws -> ResourceUsage {
    let root = FileManager.default.temporaryDirectory.appending(path: "proa-usage-\(UUID().uuidString.prefix(8))").path
    defer { #expect(throws: Never.self) { try Directory.removeTree(root) } }
    for (name, text) in files {
      try Directory.make("\(root)/\(name.prefix { $0 != "/" })")
      try text.write(toFile: "\(root)/\(name)", atomically: false, encoding: .utf8)
    }
    var (mounts, own) = ("", "")
    for name in Set(files.keys.map { String($0.prefix { $0 != "/" }) }) {
      let (type, options) = name == "v2" ? ("cgroup2", "rw") : ("cgroup", "rw,\(name)")
      mounts += "31 30 0:27 / \(root)/\(name) rw - \(type) cgroup \(options)\n"
      own += name == "v2" ? "0::/\n" : "1:\(name):/\n"
    }
    let folders = try Self.folders(cgroup: own, mountinfo: mounts)
    let reader = UsageReader(
      pid: 1, hasNetwork: false, machineMemory: 1 << 33, folders: folders, budget: FileBudget(100))
    let first = try reader.read()
    var again = try reader.read()
    // Only the machine's own time goes on.
    (again.time, again.cpu.system) = (first.time, first.cpu.system)
    #expect(again == first)
    return first
  }

  @Test func `version 1`() throws {
    let usage = try read([
      "cpuacct/cpuacct.usage": "5000000\n", "cpuacct/cpuacct.usage_percpu": "2000000 3000000 \n",
      "cpuacct/cpuacct.stat": "user 3\nsystem 2\n",
      "cpu/cpu.stat": "nr_periods 4\nnr_throttled 2\nthrottled_time 99\n",
      "memory/memory.usage_in_bytes": "4096\n", "memory/memory.max_usage_in_bytes": "8192\n",
      "memory/memory.failcnt": "7\n", "memory/memory.limit_in_bytes": "9223372036854771712\n",
      "memory/memory.stat": "cache 10\ntotal_inactive_file 5\n", "pids/pids.current": "3\n", "pids/pids.max": "max\n",
      "blkio/blkio.throttle.io_service_bytes_recursive": "8:0 Read 512\n8:0 Write 1024\nTotal 1536\n",
      "blkio/blkio.throttle.io_serviced_recursive": "8:0 Read 1\nTotal 1\n",
    ])
    #expect((usage.cpu.total, usage.cpu.user, usage.cpu.kernel) == (5_000_000, 30_000_000, 20_000_000))
    #expect(usage.cpu.byProcessor == [2_000_000, 3_000_000])
    #expect((usage.cpu.periods, usage.cpu.throttledPeriods, usage.cpu.throttledTime) == (4, 2, 99))
    #expect((usage.memory.usage, usage.memory.maximum, usage.memory.failures) == (4096, 8192, 7))
    #expect((usage.memory.limit, usage.memory.details) == (1 << 33, ["cache": 10, "total_inactive_file": 5]))
    #expect((usage.processes.current, usage.processes.limit) == (3, .max))
    #expect(usage.blockBytes.map(\.operation) == ["Read", "Write"] && usage.blockBytes[1].value == 1024)
    #expect(usage.blockOperations.map(\.value) == [1])
    #expect(usage.cpu.system > 0 && usage.cpu.processors > 0)
  }

  @Test func `version 2`() throws {
    let usage = try read([
      "v2/cpu.stat": "usage_usec 5\nuser_usec 3\nsystem_usec 2\nnr_periods 4\nnr_throttled 1\nthrottled_usec 6\n",
      "v2/memory.current": "4096\n", "v2/memory.max": "65536\n", "v2/memory.stat": "inactive_file 5\n",
      "v2/pids.current": "3\n", "v2/pids.max": "100\n",
      "v2/io.stat": "8:0 rbytes=512 wbytes=1024 rios=1 wios=2 dbytes=0 dios=0\n",
    ])
    #expect((usage.cpu.total, usage.cpu.user, usage.cpu.kernel) == (5000, 3000, 2000))
    #expect((usage.cpu.periods, usage.cpu.throttledPeriods, usage.cpu.throttledTime) == (4, 1, 6000))
    #expect((usage.memory.usage, usage.memory.maximum, usage.memory.failures) == (4096, nil, nil))
    #expect((usage.memory.limit, usage.processes.limit) == (65536, 100))
    #expect(usage.blockBytes.map(\.operation) == ["read", "write"] && usage.blockBytes.map(\.value) == [512, 1024])
  }

  @Test func `a controller that is off counts nothing`() throws {
    let usage = try read(["v2/cgroup.procs": "1\n"])
    #expect((usage.cpu.total, usage.memory.usage, usage.processes.current) == (0, 0, 0))
  }

  @Test func `a file that is kept open tells what is in it now`() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "proa-kept-\(UUID().uuidString.prefix(8))").path
    defer { #expect(throws: Never.self) { try Directory.removeTree(path) } }
    let budget = FileBudget(1)
    do {
      let files = KeptFiles(budget)
      for text in ["first", String(repeating: "x", count: 10_000), ""] {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        #expect(try files.read(path) == Array(text.utf8))
      }
      #expect(!budget.take())
      // Over the budget it is opened each time.
      #expect(throws: SyscallError.self) { try files.read("\(path)-that-is-not-there") }
      #expect(try KeptFiles(budget).read(path).isEmpty)
    }
    #expect(budget.take())
  }

  @Test func `interfaces`() {
    let text = """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
          lo:    1000      10    0    0    0     0          0         0     1000      10    0    0    0     0       0          0
        eth0: 7890      70    1    2    0     0          0         0     1234      12    3    4    0     0       0          0
      """
    let networks = NetworkCounters.parse(text)
    #expect(Array(networks.keys) == ["eth0"])
    let network = networks["eth0"]
    #expect(network?.receivedBytes == 7890 && network?.receivedPackets == 70 && network?.receiveErrors == 1)
    #expect(network?.receiveDrops == 2 && network?.sentBytes == 1234 && network?.sentPackets == 12)
    #expect(network?.sendErrors == 3 && network?.sendDrops == 4)
  }

  @Test func `the machine's time`() {
    let time = MachineTime.parse("cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 1\ncpu1 1 1\nintr 5\n")
    #expect(time == MachineTime.Sample(total: 280_000_000, processors: 2))
  }

  @Test func `the machine's time is read once a second`() throws {
    let reads = Mutex(0)
    let time = MachineTime {
      reads.withLock { $0 += 1 }
      return "cpu  100\ncpu0 50\ncpu1 50\n"
    }
    let start = ContinuousClock.now
    #expect(try time.sample(at: start).total == 1_000_000_000)
    #expect(try time.sample(at: start + .milliseconds(250)).total == 1_500_000_000)
    #expect(reads.withLock { $0 } == 1)
    #expect(try time.sample(at: start + .seconds(1)).total == 1_000_000_000)
    #expect(reads.withLock { $0 } == 2)
  }
}
