internal import LinuxKernel
internal import OCIRuntimeSpec

/// Which processors and memory nodes (config-linux.md §CPU, `cpuset(7)`).
enum CPUSetController: CgroupController {
  static let name = "cpuset"

  static func settings(for resources: LinuxResources, version: CgroupVersion) throws(CgroupError) -> [CgroupSetting] {
    var settings: [CgroupSetting] = []
    if let cpus = resources.cpu?.cpus, !cpus.isEmpty {
      settings.append(set("cpuset.cpus", try checked(cpus, "cpu.cpus"), for: "cpu.cpus"))
    }
    if let mems = resources.cpu?.mems, !mems.isEmpty {
      settings.append(set("cpuset.mems", try checked(mems, "cpu.mems"), for: "cpu.mems"))
    }
    return settings
  }

  /// What a v1 group has; empty for what was not read yet.
  struct Inheritance {
    fileprivate var values = ["", ""]
  }

  /// A new v1 group has no processors, and no process may join it: it gets its parent's.
  /// - Parameter inheritance: what the parent has; afterwards what the child has.
  static func inherit(
    from parent: String, to child: String, isNew: Bool, _ inheritance: inout Inheritance
  ) throws(SyscallError) {
    for (index, file) in ["cpuset.cpus", "cpuset.mems"].enumerated() {
      var value = isNew ? "" : try CgroupFile.words(of: "\(child)/\(file)").joined()
      if value.isEmpty {
        value = inheritance.values[index]
        if value.isEmpty { value = try CgroupFile.words(of: "\(parent)/\(file)").joined() }
        try CgroupFile.write(value, to: "\(child)/\(file)")
      }
      inheritance.values[index] = value
    }
  }

  private static func checked(_ list: String, _ path: String) throws(CgroupError) -> String {
    let allowed = list.utf8.allSatisfy { (48...57).contains($0) || ",-:/".utf8.contains($0) }
    guard allowed, list.utf8.count < 4096 else { throw invalid("\"\(list)\" is no list like 0-3,7", path) }
    return list
  }
}
