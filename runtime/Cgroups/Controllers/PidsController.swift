internal import OCIRuntimeSpec

/// Number of tasks (config-linux.md §PIDs). 0 or less is no limit.
enum PidsController: CgroupController {
  static let name = "pids"

  static func settings(for resources: LinuxResources, version: CgroupVersion) throws(CgroupError) -> [CgroupSetting] {
    guard let limit = resources.pids?.limit else { return [] }
    var setting = set("pids.max", limit > 0 ? String(limit) : "max", for: "pids.limit")
    setting.isDefault = limit <= 0
    return [setting]
  }
}
