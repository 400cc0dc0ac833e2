import Testing

@testable import Cgroups

private let memory = CgroupHierarchy(
  version: .v1, controllers: ["memory"], mountPoint: "/m", mountRoot: "/", ownPath: "/own/one")
private let unified = CgroupHierarchy(
  version: .v2, controllers: ["memory", "pids"], mountPoint: "/u", mountRoot: "/", ownPath: "/own/one")
private let bareUnified = CgroupHierarchy(
  version: .v2, controllers: [], mountPoint: "/u", mountRoot: "/", ownPath: "/own/one")

@Suite("Where a group is, as with runc")
struct CgroupPathTests {
  @Test(arguments: [
    ("/a/b", memory, "/m/a/b"), ("/a//./b/", memory, "/m/a/b"), ("a/b", memory, "/m/own/one/a/b"),
    ("", memory, "/m/own/one/box"), (nil, memory, "/m/own/one/box"),
    ("/a", unified, "/u/a"), ("a", unified, "/u/own/a"), (nil, unified, "/u/own/box"),
    (nil, bareUnified, "/u/own/one/box"),
  ])
  func folders(path: String?, hierarchy: CgroupHierarchy, folder: String) throws {
    #expect(try CgroupPath(path, containerID: "box").folder(in: hierarchy) == folder)
  }

  @Test func aProcessInTheRootOfV2MakesGroupsInTheRoot() throws {
    var root = unified
    root.ownPath = "/"
    #expect(try CgroupPath(nil, containerID: "box").folder(in: root) == "/u/box")
  }

  @Test(arguments: ["/", "/a/../b", "..", ".", "system.slice:proa:box", "a\n", String(repeating: "a/", count: 3000)])
  func refusesWhatIsUnsafeOrNotSupported(path: String) {
    let error = #expect(throws: CgroupError.self) { try CgroupPath(path, containerID: "box") }
    #expect(error?.path == "linux.cgroupsPath")
  }

  @Test func pathsAreRuncs() throws {
    let cgroup = try Cgroup(
      cgroupsPath: "/x", containerID: "box",
      in: CgroupHierarchies([
        CgroupHierarchy(
          version: .v1, controllers: ["cpu", "cpuacct"], mountPoint: "/c", mountRoot: "/", ownPath: "/"), bareUnified,
      ]))
    #expect(cgroup.paths == ["cpu": "/c/x", "cpuacct": "/c/x", "": "/u/x"])
    #expect(try Cgroup(loading: cgroup.paths).paths == cgroup.paths)
  }

  @Test(arguments: ["relative", "/sys/fs/cgroup/../x", "/etc"])
  func refusesToLoad(path: String) {
    #expect(throws: CgroupError.self) { try Cgroup(loading: ["": path]) }
  }
}
