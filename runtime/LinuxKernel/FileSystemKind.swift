internal import CLinux
internal import Glibc

/// Which file system a path is on, by the magic number that `statfs(2)` gives.
public struct FileSystemKind: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let cgroup = Self(rawValue: UInt32(CGROUP_SUPER_MAGIC))
  public static let cgroup2 = Self(rawValue: UInt32(CGROUP2_SUPER_MAGIC))
  public static let proc = Self(rawValue: UInt32(PROC_SUPER_MAGIC))

  public init(ofPath path: String) throws(SyscallError) {
    rawValue = UInt32(truncatingIfNeeded: try check("statfs", path) { proa_file_system_kind(path) })
  }
}
