internal import LinuxKernel
public import OCIRuntimeSpec

/// `linux.intelRdt` (config-linux.md §IntelRdt), checked: the container's share of caches and of the bandwidth of memory, by the
/// kernel's `resctrl` file system.
public struct ResourceControl: Equatable, Sendable {
  public let groups: ResourceControlGroups
  /// The group that limits.
  let folder: String
  /// Whether it is not shared with other containers.
  let isOwn: Bool
  /// Lines for its `schemata`.
  let schemata: [String]

  /// - Throws: `unsupported` if no `resctrl` is mounted.
  public init(_ rdt: LinuxIntelRdt, containerID: String) throws(CgroupError) {
    guard let root = try Self.mountPoint() else {
      throw CgroupError(
        .unsupported("intelRdt is specified in config, but Intel RDT is not supported or enabled"),
        path: "linux.intelRdt")
    }
    try self.init(rdt, containerID: containerID, root: root)
  }

  init(_ rdt: LinuxIntelRdt, containerID: String, root: String) throws(CgroupError) {
    let closID = rdt.closID ?? ""
    // The name of one folder, or the root itself.
    guard closID == "/" || !closID.utf8.contains(UInt8(ascii: "/")) && closID != "." && closID != ".." else {
      throw CgroupError(.invalid("\"\(closID)\" is no name of a group"), path: "linux.intelRdt.closID")
    }
    isOwn = closID.isEmpty
    folder = closID == "/" ? root : "\(root)/\(isOwn ? containerID : closID)"
    schemata = try Self.lines(of: rdt)
    var groups = ResourceControlGroups()
    groups.joined = [folder]
    if isOwn { groups.own = [folder] }
    if rdt.enableMonitoring {
      let monitor = "\(folder)/mon_groups/\(containerID)"
      groups.joined.append(monitor)
      groups.own.insert(monitor, at: 0)
    }
    self.groups = groups
  }

  private static func lines(of rdt: LinuxIntelRdt) throws(CgroupError) -> [String] {
    let bandwidth = rdt.memBwSchema ?? ""
    guard bandwidth.isEmpty || bandwidth.hasPrefix("MB:"), !bandwidth.utf8.contains(UInt8(ascii: "\n")) else {
      throw CgroupError(.invalid("is no line that begins with MB:"), path: "linux.intelRdt.memBwSchema")
    }
    // The bandwidth has a field of its own, which counts.
    let caches = (rdt.l3CacheSchema ?? "").fields("\n").filter { bandwidth.isEmpty || !$0.hasPrefix("MB:") }
    for (index, line) in rdt.schemata.enumerated() where line.utf8.contains(UInt8(ascii: "\n")) {
      throw CgroupError(.invalid("is more than a line"), path: "linux.intelRdt.schemata[\(index)]")
    }
    return caches.map(String.init) + (bandwidth.isEmpty ? [] : [bandwidth]) + rdt.schemata
  }

  /// Wherever this process sees one.
  private static func mountPoint() throws(CgroupError) -> String? {
    let mounts = try blaming("linux.intelRdt") { () throws(SyscallError) in
      try CgroupFile.text(of: "/proc/self/mountinfo")
    }
    for line in mounts.fields("\n") {
      let fields = line.fields(" ")
      guard let separator = fields.firstIndex(of: "-"), separator >= 6, separator + 1 < fields.count else { continue }
      if fields[separator + 1] == "resctrl" { return String(fields[4]) }
    }
    return nil
  }
}
