internal import CLinux
internal import Glibc

/// Which file system a path is on, by the magic number that `statfs(2)` gives.
public struct FileSystemKind: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let cgroup = Self(rawValue: UInt32(CGROUP_SUPER_MAGIC))
  public static let cgroup2 = Self(rawValue: UInt32(CGROUP2_SUPER_MAGIC))
  public static let btrfs = Self(rawValue: UInt32(BTRFS_SUPER_MAGIC))
  public static let proc = Self(rawValue: UInt32(PROC_SUPER_MAGIC))

  /// As Docker calls it: `extfs`, `xfs`; `unknown` for one that has no name here.
  public var name: String {
    switch rawValue {
    case UInt32(EXT4_SUPER_MAGIC): "extfs"
    case UInt32(XFS_SUPER_MAGIC): "xfs"
    case UInt32(BTRFS_SUPER_MAGIC): "btrfs"
    case UInt32(F2FS_SUPER_MAGIC): "f2fs"
    case UInt32(TMPFS_MAGIC): "tmpfs"
    case UInt32(OVERLAYFS_SUPER_MAGIC): "overlayfs"
    default: "unknown"
    }
  }

  public init(ofPath path: String) throws(SyscallError) {
    rawValue = UInt32(truncatingIfNeeded: try check("statfs", path) { proa_file_system_kind(path) })
  }
}
