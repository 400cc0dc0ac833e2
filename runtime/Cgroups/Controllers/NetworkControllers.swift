internal import OCIRuntimeSpec

/// The class that outgoing packets are marked with, v1 only (config-linux.md §Network).
enum NetworkClassController: CgroupController {
  static let name = "net_cls"

  static func settings(for resources: LinuxResources, version: CgroupVersion) throws(CgroupError) -> [CgroupSetting] {
    guard let identifier = resources.network?.classID, identifier != 0 else { return [] }
    guard version == .v1 else { throw unsupported("cgroup v2 does not mark packets", "network.classID") }
    return [set("net_cls.classid", identifier, for: "network.classID")]
  }
}

/// The priority of outgoing packets by interface, v1 only (config-linux.md §Network).
enum NetworkPriorityController: CgroupController {
  static let name = "net_prio"

  static func settings(for resources: LinuxResources, version: CgroupVersion) throws(CgroupError) -> [CgroupSetting] {
    var settings: [CgroupSetting] = []
    for (index, entry) in (resources.network?.priorities ?? []).enumerated() {
      let path = "network.priorities[\(index)]"
      guard version == .v1 else { throw unsupported("cgroup v2 has no priorities of packets", path) }
      guard !entry.name.isEmpty, entry.name.utf8.count < 16, !entry.name.contains(where: { $0.isWhitespace }) else {
        throw invalid("\"\(entry.name)\" is no name of an interface", "\(path).name")
      }
      settings.append(set("net_prio.ifpriomap", "\(entry.name) \(entry.priority)", for: path))
    }
    return settings
  }
}
