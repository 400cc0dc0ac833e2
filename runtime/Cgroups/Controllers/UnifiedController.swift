internal import OCIRuntimeSpec

/// Files of cgroup v2 by name (config-linux.md §Unified); they are written last and win over translated values.
enum UnifiedController {
  static func settings(for resources: LinuxResources, in cgroup: Cgroup) throws(CgroupError) -> [CgroupSetting] {
    var settings: [CgroupSetting] = []
    for (file, value) in resources.unified.sorted(by: { $0.key < $1.key }) {
      let path = "linux.resources.unified[\"\(file)\"]"
      guard cgroup.folders.allSatisfy({ $0.version == .v2 }) else {
        throw CgroupError(.unsupported("cgroup v2 only; this machine has v1 hierarchies"), path: path)
      }
      try check(file, at: path, in: cgroup)
      // Several lines are several writes, one record each.
      for line in value.split(separator: "\n") {
        var setting = CgroupSetting(controller: "", file: file, value: String(line), path: path)
        setting.isReadBack = file == "cpuset.cpus.partition"
        settings.append(setting)
      }
    }
    return settings
  }

  private static func check(_ file: String, at path: String, in cgroup: Cgroup) throws(CgroupError) {
    let parts = file.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !file.contains("/"), !file.utf8.contains(0) else {
      throw CgroupError(.invalid("no name of a file like memory.high"), path: path)
    }
    guard parts[0] == "cgroup" || cgroup.folder(controlling: String(parts[0])) != nil else {
      throw CgroupError(.unsupported("the \(parts[0]) controller is not available"), path: path)
    }
  }
}
