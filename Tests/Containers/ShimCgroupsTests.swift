import Containers
import Testing

@Suite struct ShimCgroupsTests {
  private static let unified = "30 24 0:27 / /sys/fs/cgroup/unified rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate"
  private static let systemd = "31 24 0:28 / /sys/fs/cgroup/systemd rw,nosuid - cgroup cgroup rw,xattr,name=systemd"
  private static let memory = "32 24 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory"
  private static let other = "33 24 0:30 / /proc rw - proc proc rw"

  @Test(arguments: [
    ([memory, systemd, unified, other], ["/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"]),
    ([systemd, memory], ["/sys/fs/cgroup/systemd"]),
    ([unified, unified.replacing("/sys/fs/cgroup/unified", with: "/mnt")], ["/sys/fs/cgroup/unified"]),
    ([memory, other, "broken", "1 2 3 4 5 -"], []),
  ])
  func hierarchiesOfServiceManagersAreFound(lines: [String], expected: [String]) {
    let cgroups = ShimCgroups(parent: "/proa", mountinfo: lines.joined(separator: "\n"))
    #expect(cgroups.hierarchies == expected)
  }
}
