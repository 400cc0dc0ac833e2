internal import LinuxKernel

/// The way to a group as a configuration names it, made safe: no `.`, no `..`, no empty part.
struct CgroupPath: Equatable {
  /// Absolute: from the root of the mount. Otherwise from the group of the process that makes it.
  let isAbsolute: Bool
  let parts: [String]

  /// `cgroupsPath` (config-linux.md §Cgroups Path). Without one, the group is named after the container and sits, as
  /// runc's, below the group of its maker on v1 and beside it on v2.
  init(_ cgroupsPath: String?, containerID: String) throws(CgroupError) {
    let text = cgroupsPath.flatMap { $0.isEmpty ? nil : $0 } ?? containerID
    guard !text.utf8.contains(0), !text.utf8.contains(UInt8(ascii: "\n")), text.utf8.count < 4096 else {
      throw CgroupError(.invalid("a control character, or too long"), path: "linux.cgroupsPath")
    }
    isAbsolute = text.hasPrefix("/")
    parts = try Self.cleaned(text)
    if parts.isEmpty {
      throw CgroupError(
        .invalid("\"\(text)\" names the root, which cannot hold a container"), path: "linux.cgroupsPath")
    }
    if parts.count == 1, text.fields(":", keepingEmpty: true).count == 3 {
      throw CgroupError(
        .invalid("\"\(text)\" is a systemd slice and scope, which need --systemd-cgroup"),
        path: "linux.cgroupsPath")
    }
  }

  private static func cleaned(_ text: String) throws(CgroupError) -> [String] {
    var parts: [String] = []
    for part in text.fields("/") where part != "." {
      if part == ".." {
        throw CgroupError(.invalid("\"\(text)\" leads upwards"), path: "linux.cgroupsPath")
      }
      parts.append(String(part))
    }
    return parts
  }

  /// The group's folder in `hierarchy`.
  func folder(in hierarchy: CgroupHierarchy) throws(CgroupError) -> String {
    let inner = parts.joined(separator: "/")
    if isAbsolute { return "\(hierarchy.mountPoint)/\(inner)" }
    var own = hierarchy.ownPath
    if hierarchy.version == .v2, hierarchy.controllers.isEmpty == false {
      // This process's group has processes, so that v2 lets it have no limited children; its parent can.
      own = String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)])
    }
    guard let base = hierarchy.folder(ofGroup: own.isEmpty ? "/" : own) else {
      throw CgroupError(
        .state("this process's group \(hierarchy.ownPath) is not below what is mounted at \(hierarchy.mountPoint)"),
        path: "linux.cgroupsPath")
    }
    return "\(base)/\(inner)"
  }
}
