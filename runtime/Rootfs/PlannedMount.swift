package import LinuxKernel
internal import OCIRuntimeSpec

/// One entry of `mounts`, checked.
package struct PlannedMount {
  package enum Kind {
    case bind(source: String)
    case fileSystem(type: String, source: String)
    case cgroup
    /// A change of what is mounted there already.
    case remount
  }

  package var index: Int
  /// Absolute, without `.` and `..`: what is checked is where it is mounted.
  package var destination: String
  /// Whether the configuration has a destination without a slash before it.
  package var isRelative: Bool
  package var kind: Kind
  package var options: MountOptions
  /// Under which ids the files of a bind mount are shown; `nil` for their own.
  package var idMapping: IDMapping?
  /// A copy of the source made before the user namespace was entered, where the source may be out of reach.
  package var openedSource: MountSource?

  package var culprit: String { "mounts[\(index)]" }
  package var isBind: Bool { if case .bind = kind { true } else { false } }

  static func all(_ mounts: [Mount], of linux: Linux, bundle: String) throws(RootfsError) -> [PlannedMount] {
    var planned: [PlannedMount] = []
    planned.reserveCapacity(mounts.count)
    for (index, mount) in mounts.enumerated() {
      let mount = try PlannedMount(mount, index, of: linux, bundle: bundle)
      if mount.options.isRemount { try mount.prepareRemount(of: &planned) }
      planned.append(mount)
    }
    return planned
  }

  init(_ mount: Mount, _ index: Int, of linux: Linux, bundle: String) throws(RootfsError) {
    self.index = index
    let culprit = "mounts[\(index)]"
    guard !mount.destination.isEmpty else { throw RootfsError("\(culprit).destination", "is empty") }
    // As runc has it, which warns: the specification wants it absolute.
    isRelative = !mount.destination.hasPrefix("/")
    destination = RootPath(mount.destination).text
    options = MountOptions(mount.options)
    if mount.type == "bind", !options.isBind { options.isBind = true }
    kind = try Self.kind(of: mount, options, culprit, bundle: bundle)
    idMapping = try IDMapping(mount, options, of: linux, culprit)
    try checkDestination()
  }

  private static func kind(
    of mount: Mount, _ options: MountOptions, _ culprit: String, bundle: String
  ) throws(RootfsError) -> Kind {
    if options.isCopiedUp, options.isBind || options.isRemount || mount.type != "tmpfs" {
      throw RootfsError("\(culprit).options", "\"tmpcopyup\" is an option of tmpfs only")
    }
    if options.isRemount { return .remount }
    if options.isBind {
      guard let source = mount.source, !source.isEmpty else {
        throw RootfsError("\(culprit).source", "a bind mount needs one")
      }
      return .bind(source: source.hasPrefix("/") ? source : "\(bundle)/\(source)")
    }
    guard let type = mount.type, !type.isEmpty else {
      throw RootfsError("\(culprit).type", "is required unless options have \"bind\" or \"rbind\"")
    }
    if type == "cgroup" || type == "cgroup2" { return .cgroup }
    return .fileSystem(type: type, source: mount.source ?? type)
  }

  /// Whatever hides procfs or sysfs, or files of procfs that are not known to be harmless, could make the runtime or the
  /// container's programs believe it (CVE-2019-16884, CVE-2019-19921).
  private func checkDestination() throws(RootfsError) {
    let path = RootPath(destination)
    guard path.last != nil else { throw RootfsError("\(culprit).destination", "is the root itself") }
    guard path.parts.first == "proc" else { return }
    if path.parts.count == 1 {
      if case .fileSystem(let type, _) = kind, type != "proc" {
        throw RootfsError("\(culprit).destination", "only procfs may be mounted on /proc")
      }
    } else if !Self.allowedInProc.contains(path.parts.dropFirst().joined(separator: "/")) {
      throw RootfsError("\(culprit).destination", "\"\(destination)\" is inside /proc")
    }
  }

  /// What LXCFS and the like replace.
  package static let allowedInProc = [
    "cpuinfo", "diskstats", "meminfo", "stat", "swaps", "uptime", "loadavg", "slabinfo", "net/dev",
    "sys/kernel/ns_last_pid", "sys/crypto/fips_enabled",
  ]
}

/// A detached copy of a bind mount's source, shared by the values that plan with it.
package final class MountSource {
  package let tree: FileDescriptor

  package init(owning tree: consuming FileDescriptor) { self.tree = tree }
}
