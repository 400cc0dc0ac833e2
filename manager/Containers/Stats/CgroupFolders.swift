internal import LinuxKernel

/// Where a process's cgroups are: a folder per controller (cgroups(7)).
struct CgroupFolders: Equatable {
  /// By the controller's name, `memory`; of cgroup v2, where all are in one, by the empty name.
  private let folders: [String: String]

  /// - Parameters:
  ///   - cgroup: `/proc/PID/cgroup`.
  ///   - nextMount: the next line of `/proc/self/mountinfo`, which is read no further than it takes: it has one for every
  ///     container.
  init(cgroup: String, nextMount: () throws(SyscallError) -> String?) throws(SyscallError) {
    var (wanted, folders): ([String: Substring], [String: String]) = ([:], [:])
    for line in cgroup.fields("\n") {
      // 4:memory:/proa/abc, and 0::/proa/abc for v2; a path may have colons.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      for name in parts[1].fields(",", keepingEmpty: true) { wanted[String(name)] = parts[2] }
    }
    while !wanted.isEmpty, let line = try nextMount() {
      guard let (point, names) = Self.mount(line[...]) else { continue }
      for name in names {
        guard let path = wanted.removeValue(forKey: String(name)) else { continue }
        folders[String(name)] = path == "/" ? String(point) : String(point + path)
      }
    }
    self.folders = folders
  }

  /// Where the line's hierarchy is mounted, and of which controllers it may be; `nil` if it is of another file system.
  private static func mount(_ line: Substring) -> (point: Substring, names: [Substring])? {
    let fields = line.fields(" ")
    guard fields.count > 4, let dash = fields.firstIndex(of: "-"), dash + 3 < fields.count else { return nil }
    switch fields[dash + 1] {
    case "cgroup2": return (fields[4], [""])
    case "cgroup": return (fields[4], fields[dash + 3].fields(","))
    default: return nil
    }
  }

  /// Of the process `pid`. Blocks.
  static func of(_ pid: Int32) throws(SyscallError) -> CgroupFolders {
    let cgroup = String(decoding: try AtomicFile.read("/proc/\(pid)/cgroup"), as: UTF8.self)
    var lines = try LineReader("/proc/self/mountinfo")
    return try CgroupFolders(cgroup: cgroup) { () throws(SyscallError) in try lines.next() }
  }

  /// The folder that has the controller's files, and whether they are those of cgroup v1; `nil`: it is nowhere.
  func folder(_ controller: String) -> (path: String, isLegacy: Bool)? {
    if let path = folders[controller] { return (path, true) }
    return folders[""].map { ($0, false) }
  }
}
