internal import LinuxKernel

/// A line of `/proc/PID/cgroup`: `4:memory:/process`, or `0::/` for v2.
struct CgroupMembership {
  let controllers: [String]
  let path: String

  /// - Parameter text: of that file.
  static func all(in text: String) -> [CgroupMembership] { text.fields("\n").compactMap(CgroupMembership.init(line:)) }

  /// `nil` for a line that is none.
  init?(line: Substring) {
    let fields = line.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3, fields[2].first == UInt8(ascii: "/") else { return nil }
    controllers = Substring(fields[1]).fields(",").map(String.init)
    path = String(Substring(fields[2]))
  }

  var version: CgroupVersion { controllers.isEmpty ? .v2 : .v1 }

  func isHeld(by mount: CgroupMount) -> Bool {
    mount.version == version && controllers.allSatisfy(mount.options.contains)
  }

  func hierarchy(mountedAs mount: CgroupMount) -> CgroupHierarchy {
    CgroupHierarchy(
      version: version, controllers: controllers, mountPoint: mount.mountPoint, mountRoot: mount.root, ownPath: path)
  }
}

/// A line of `/proc/PID/mountinfo` that shows a control group file system.
struct CgroupMount {
  let version: CgroupVersion
  let root: String
  let mountPoint: String
  /// Of the file system; on v1 the controllers are among them.
  let options: [String]

  /// Those that this process sees. The table is not read any further once each of `memberships` was found at its usual place:
  /// what comes then are the file systems of containers.
  static func holding(_ memberships: [CgroupMembership]) throws(SyscallError) -> [CgroupMount] {
    var lines = try LineReader("/proc/self/mountinfo")
    var mounts: [CgroupMount] = []
    var missing = memberships
    while !missing.isEmpty, let line = try lines.next() {
      guard let mount = CgroupMount(line: line[...]) else { continue }
      mounts.append(mount)
      if mount.isUsual { missing.removeAll { $0.isHeld(by: mount) } }
    }
    return mounts
  }

  var isUsual: Bool { mountPoint == "/sys/fs/cgroup" || mountPoint.hasPrefix("/sys/fs/cgroup/") }

  init?(line: Substring) {
    guard Self.mayShowGroups(line) else { return nil }
    let fields = line.fields(" ")
    guard let separator = fields.firstIndex(of: "-"), separator >= 6, fields.count > separator + 3 else { return nil }
    switch fields[separator + 1] {
    case "cgroup": version = .v1
    case "cgroup2": version = .v2
    default: return nil
    }
    root = Self.unescaped(fields[3])
    mountPoint = Self.unescaped(fields[4])
    options = fields[separator + 3].fields(",").map(String.init)
  }

  /// Whether "- cgroup" is in it, as is cheaply found out; most lines are of other file systems.
  private static func mayShowGroups(_ line: Substring) -> Bool {
    var line = line
    return line.withUTF8 { bytes in
      bytes.indices.contains { start in
        bytes[start] == UInt8(ascii: "-") && bytes[start...].starts(with: "- cgroup".utf8)
      }
    }
  }

  /// Undoes the kernel's `\040` for space, tab, newline and backslash.
  private static func unescaped(_ field: Substring) -> String {
    guard field.utf8.contains(UInt8(ascii: "\\")) else { return String(field) }
    var bytes: [UInt8] = []
    var rest = Array(field.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.count >= 3,
        let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest.removeFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
