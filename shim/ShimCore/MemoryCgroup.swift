package import LinuxKernel

/// The memory cgroup of a process, asked whether the kernel has killed anything in it for lack of memory.
package struct MemoryCgroup: Equatable {
  /// The file that counts: `memory.events` (v2) or `memory.oom_control` (v1).
  package let path: String

  package init(path: String) { self.path = path }

  /// - Returns: `nil` if the process is in no memory cgroup, or it cannot be found out.
  init?(of pid: Int32) {
    guard let groups = MemoryCgroup.text("/proc/\(pid)/cgroup") else { return nil }
    do throws(SyscallError) {
      var lines = try LineReader("/proc/self/mountinfo")
      try self.init(cgroup: groups) { () throws(SyscallError) in try lines.next() }
    } catch { return nil }
  }

  /// Finds the file from what `/proc/<pid>/cgroup` and `/proc/self/mountinfo` say (cgroups(7), proc(5)).
  /// - Parameter nextMount: the next line of the latter, which is read no further than it takes.
  package init?(cgroup: String, nextMount: () throws(SyscallError) -> String?) throws(SyscallError) {
    let groups = cgroup.fields("\n").map { $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false) }
    let v1 = groups.first { $0.count == 3 && $0[1].split(separator: ",").contains("memory") }
    let v2 = groups.first { $0.count == 3 && $0[0] == "0" && $0[1].isEmpty }
    guard let group = (v1 ?? v2)?[2] else { return nil }
    let isV1 = v1 != nil
    while let line = try nextMount() {
      guard let mount = CgroupMount(line: line[...]), isV1 ? mount.isMemory : mount.isUnified else { continue }
      guard let folder = mount.folder(of: group) else { return nil }
      path = folder + (isV1 ? "/memory.oom_control" : "/memory.events")
      return
    }
    return nil
  }

  /// How many processes were killed; 0 if the cgroup is gone.
  package func kills() -> UInt64 {
    guard let text = MemoryCgroup.text(path) else { return 0 }
    let line = text.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
    return line.flatMap { UInt64($0.dropFirst("oom_kill ".count)) } ?? 0
  }

  /// `nil` where the file is gone: the process or its cgroup has ended, which is no error here.
  private static func text(_ path: String) -> String? {
    do throws(SyscallError) { return String(decoding: try AtomicFile.read(path, limit: 1 << 20), as: UTF8.self) } catch
    {
      return nil
    }
  }
}

/// One line of mountinfo.
private struct CgroupMount {
  var root: Substring
  var point: Substring
  var isMemory: Bool
  var isUnified: Bool

  init?(line: Substring) {
    let fields = line.fields(" ")
    guard let separator = fields.firstIndex(of: "-"), separator >= 6, separator + 3 < fields.count else { return nil }
    root = fields[3]
    point = fields[4]
    isUnified = fields[separator + 1] == "cgroup2"
    isMemory = fields[separator + 1] == "cgroup" && fields[separator + 3].fields(",").contains("memory")
  }

  /// Where `group` is seen through this mount, `nil` if it is not below the mount's root.
  func folder(of group: Substring) -> String? {
    if root == "/" { return String(point) + (group == "/" ? "" : group) }
    guard group.hasPrefix(root) else { return nil }
    let rest = group.dropFirst(root.count)
    return rest.isEmpty || rest.hasPrefix("/") ? String(point) + rest : nil
  }
}
