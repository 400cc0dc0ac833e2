import Testing

@testable import Cgroups

private let hybridMounts = """
  31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
  30 23 0:32 / /var/lib/elsewhere\\040here rw - cgroup cgroup rw,memory
  32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
  35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:7 - cgroup cgroup rw,memory
  40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
  41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
  """

@Suite("Hierarchies from the kernel's files")
struct HierarchyTests {
  @Test func hybridHasEveryTreeWithItsOwnPath() throws {
    let memberships = "4:memory:/process/1\n2:cpu,cpuacct:/\n9:name=systemd:/\n3:freezer:/\n0::/\n"
    let found = try CgroupHierarchies(memberships: memberships, mounts: hybridMounts)
    #expect(found.mode == .hybrid)
    #expect(
      found.all.map(\.mountPoint) == [
        "/sys/fs/cgroup/memory", "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified",
      ])
    #expect(found.hierarchy(controlling: "memory")?.ownPath == "/process/1")
    #expect(found.hierarchy(controlling: "cpuacct")?.mountPoint == "/sys/fs/cgroup/cpu,cpuacct")
    #expect(found.hierarchy(controlling: "freezer") == nil)
  }

  @Test(arguments: [
    ("0::/init.scope\n", "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", CgroupHierarchies.Mode.unified),
    ("1:cpu:/\n", "30 1 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n", .legacy),
    (
      "1:cpu:/\n0::/\n",
      "30 1 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n31 1 0:27 / /u rw - cgroup2 none rw\n", .hybrid
    ),
  ])
  func modes(memberships: String, mounts: String, mode: CgroupHierarchies.Mode) throws {
    #expect(try CgroupHierarchies(memberships: memberships, mounts: mounts).mode == mode)
  }

  @Test func nothingMountedIsAnError() {
    #expect(throws: CgroupError.self) {
      try CgroupHierarchies(memberships: "0::/\n", mounts: "1 1 0:1 / / rw - ext4 x rw")
    }
  }

  @Test(arguments: [
    ("/", "/a/b", "/m/a/b"), ("/", "/", "/m"), ("/a", "/a/b", "/m/b"), ("/a", "/a", "/m"), ("/a", "/ab", nil),
    ("/", "/../outside", nil), ("/", "/a..b", "/m/a..b"),
  ])
  func foldersRespectWhatIsMounted(root: String, group: String, folder: String?) {
    let hierarchy = CgroupHierarchy(
      version: .v1, controllers: ["cpu"], mountPoint: "/m", mountRoot: root, ownPath: "/")
    #expect(hierarchy.folder(ofGroup: group) == folder)
  }
}
