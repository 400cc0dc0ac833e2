import Cgroups
import FuzzDriver
import Glibc

// What /proc/self/cgroup and, after an empty line, /proc/self/mountinfo may say; the third part is a configuration's path.
// Wherever the group is to be, it is below a mount point and nowhere else.
exit(
  fuzz { data, count in
    let text = String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
    let parts = text.split(separator: "\n\n", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else { return 0 }
    do throws(CgroupError) {
      let hierarchies = try CgroupHierarchies(memberships: parts[0], mounts: parts[1])
      guard !hierarchies.all.contains(where: { $0.mountPoint.contains("..") }) else { return 0 }
      let cgroup = try Cgroup(cgroupsPath: parts[2], containerID: "fuzzed", in: hierarchies)
      for path in cgroup.paths.values {
        let isBelow = hierarchies.all.contains { path.utf8.starts(with: "\($0.mountPoint)/".utf8) }
        precondition(isBelow && !path.split(separator: "/").contains(".."), "\(path) is below no mount point")
      }
      _ = try Cgroup(loading: cgroup.paths)
    } catch { precondition(!"\(error)".isEmpty) }
    return 0
  })
