internal import LinuxKernel

/// The two interfaces that the kernel offers, `cgroups(7)`.
public enum CgroupVersion: Int, Sendable {
  case v1 = 1
  case v2 = 2
}

/// One mounted tree of control groups, and this process's place in it.
public struct CgroupHierarchy: Equatable, Sendable {
  public var version: CgroupVersion
  /// What the tree controls: `["cpu", "cpuacct"]`, or `["name=systemd"]` for a tree without controllers. On v2 those that
  /// the root of the mount offers, none on a hybrid machine.
  public var controllers: [String]
  /// Where it is mounted, `/sys/fs/cgroup/memory`.
  public var mountPoint: String
  /// Which group of the tree is mounted there, seen from this process's cgroup namespace: `/`, unless it is a bind mount.
  public var mountRoot: String
  /// The group of this process, from the root of the tree.
  public var ownPath: String

  /// Where `path`, counted from the root of the tree, is in the file system; `nil` if it is outside what is mounted.
  public func folder(ofGroup path: String) -> String? {
    // What the kernel shows of a process outside of its cgroup namespace's root, or of a mount from there.
    guard !path.fields("/").contains("..") else { return nil }
    if mountRoot == "/" { return path == "/" ? mountPoint : mountPoint + path }
    guard path == mountRoot || path.hasPrefix(mountRoot + "/") else { return nil }
    return mountPoint + path.dropFirst(mountRoot.count)
  }
}
