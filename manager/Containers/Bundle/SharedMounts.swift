internal import LinuxKernel

/// Which mount a directory of the host is on, and whether what is mounted later can pass between it and a copy of it.
struct SharedMounts {
  private struct Entry {
    let mountPoint: String
    let isShared: Bool
    let isSlave: Bool
  }

  private let entries: [Entry]

  /// - Parameter mountinfo: `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
  init(mountinfo: String) {
    entries = mountinfo.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count > 6 else { return nil }
      let tags = fields[6...].prefix { $0 != "-" }
      return Entry(
        mountPoint: Self.unescaped(fields[4]), isShared: tags.contains { $0.hasPrefix("shared:") },
        isSlave: tags.contains { $0.hasPrefix("master:") })
    }
  }

  static func current() throws(SyscallError) -> SharedMounts {
    SharedMounts(mountinfo: String(decoding: try AtomicFile.read("/proc/self/mountinfo"), as: UTF8.self))
  }

  /// Refuses a propagation that the mount under `source` cannot have.
  /// - Parameters:
  ///   - source: as it was asked for.
  ///   - resolved: the same without symbolic links.
  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's messages.
  func check(_ propagation: String?, source: String, resolved: String) throws(ContainerError) {
    guard let propagation, let entry = entry(of: resolved) else { return }
    switch propagation {
    case "shared", "rshared":
      guard entry.isShared else {
        throw .invalid("path \(source) is mounted on \(entry.mountPoint) but it is not a shared mount")
      }
    case "slave", "rslave":
      guard entry.isShared || entry.isSlave else {
        throw .invalid("path \(source) is mounted on \(entry.mountPoint) but it is not a shared or slave mount")
      }
    default: break
    }
  }

  /// The mount with the longest path; of several on one path the last, which hides the others.
  private func entry(of path: String) -> Entry? {
    var best: Entry?
    for entry in entries where Self.contains(entry.mountPoint, path) {
      if entry.mountPoint.utf8.count >= best?.mountPoint.utf8.count ?? 0 { best = entry }
    }
    return best
  }

  private static func contains(_ mountPoint: String, _ path: String) -> Bool {
    mountPoint == "/" || path == mountPoint || path.hasPrefix(mountPoint + "/")
  }

  /// The kernel writes space, tab, newline and backslash as `\` and three octal digits.
  private static func unescaped(_ field: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(field.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), rest.count >= 3,
        let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
      else {
        bytes.append(byte)
        continue
      }
      bytes.append(code)
      rest = rest.dropFirst(3)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
