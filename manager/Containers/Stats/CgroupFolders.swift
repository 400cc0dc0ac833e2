internal import LinuxKernel

/// Where a process's cgroups are: a folder per controller (cgroups(7)).
struct CgroupFolders: Equatable {
  /// By the controller's name, `memory`; of cgroup v2, where all are in one, by the empty name.
  private let folders: [String: String]

  /// - Parameters:
  ///   - cgroup: `/proc/PID/cgroup`.
  ///   - mountinfo: `/proc/self/mountinfo`.
  init(cgroup: String, mountinfo: String) {
    var points: [String: String] = [:]
    for line in mountinfo.fields("\n") {
      let fields = line.fields(" ")
      guard fields.count > 4, let dash = fields.firstIndex(of: "-"), dash + 3 < fields.count else { continue }
      switch fields[dash + 1] {
      case "cgroup2": points[""] = points[""] ?? String(fields[4])
      case "cgroup":
        for name in fields[dash + 3].fields(",") { points[String(name)] = points[String(name)] ?? String(fields[4]) }
      default: continue
      }
    }
    var folders: [String: String] = [:]
    for line in cgroup.fields("\n") {
      // 4:memory:/proa/abc, and 0::/proa/abc for v2; a path may have colons.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      for name in parts[1].fields(",", keepingEmpty: true) {
        if let point = points[String(name)] { folders[String(name)] = parts[2] == "/" ? point : point + parts[2] }
      }
    }
    self.folders = folders
  }

  /// Of the process `pid`. Blocks.
  static func of(_ pid: Int32) throws(SyscallError) -> CgroupFolders {
    CgroupFolders(
      cgroup: String(decoding: try AtomicFile.read("/proc/\(pid)/cgroup"), as: UTF8.self),
      mountinfo: String(decoding: try AtomicFile.read("/proc/self/mountinfo"), as: UTF8.self))
  }

  /// The folder that has the controller's files, and whether they are those of cgroup v1; `nil`: it is nowhere.
  func folder(_ controller: String) -> (path: String, isLegacy: Bool)? {
    if let path = folders[controller] { return (path, true) }
    return folders[""].map { ($0, false) }
  }
}
