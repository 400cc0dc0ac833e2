import ShimCore
import Testing

@Suite struct MemoryCgroupTests {
  static let v1 = "36 25 0:31 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory"
  static let v2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate"
  static let hybrid = "42 25 0:37 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw"
  static let nested = "36 25 0:31 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory"

  @Test(arguments: [
    ("4:memory:/c1\n0::/x\n", "\(hybrid)\n\(v1)\n", "/sys/fs/cgroup/memory/c1/memory.oom_control"),
    ("0::/proa/c1\n", "\(v2)\n", "/sys/fs/cgroup/proa/c1/memory.events"),
    ("0::/\n", "\(v2)\n", "/sys/fs/cgroup/memory.events"),
    ("2:cpu,memory:/a:b\n", "\(v1)\n", "/sys/fs/cgroup/memory/a:b/memory.oom_control"),
    ("4:memory:/docker/abc/c1\n", "\(nested)\n", "/sys/fs/cgroup/memory/c1/memory.oom_control"),
    ("4:memory:/docker/abcd\n", "\(nested)\n", nil),
    ("5:cpu:/c1\n", "\(v1)\n", nil),
    ("4:memory:/c1\n", "", nil),
    ("garbage", "garbage", nil),
  ])
  func fileIsFound(cgroup: String, mountinfo: String, path: String?) throws {
    var lines = mountinfo.split(separator: "\n").map(String.init)[...]
    #expect(try MemoryCgroup(cgroup: cgroup) { lines.popFirst() }?.path == path)
  }
}
