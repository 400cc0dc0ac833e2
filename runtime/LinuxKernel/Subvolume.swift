internal import CLinux
internal import Glibc

/// Subvolumes of btrfs: trees of files that are copied at once, whatever is in them, and share what both have.
public enum Subvolume {
  /// The inode of every subvolume's root directory, `BTRFS_FIRST_FREE_OBJECTID`.
  private static let rootInode: UInt64 = 256

  /// Makes an empty one at `path`.
  public static func make(_ path: String) throws(SyscallError) {
    try openFolder(of: path).makeSubvolume(name(of: path))
  }

  /// Makes one at `path` that has all that the subvolume `source` has, but for subvolumes in it.
  public static func snapshot(_ source: String, at path: String) throws(SyscallError) {
    let original = try FileDescriptor.open(source, [.readOnly, .directory, .noFollow])
    try openFolder(of: path).makeSnapshot(name(of: path), of: original)
  }

  /// Removes the subvolume at `path`, with those in it, and any other directory as well. Nothing there is fine.
  public static func remove(_ path: String) throws(SyscallError) {
    guard let status = try FileStatus.of(path) else { return }
    guard isSubvolume(status) else { return try Directory.removeTree(path) }
    let folder = try openFolder(of: path)
    let name = Array(Self.name(of: path).utf8CString)
    if try !folder.removeSubvolume(name) {
      try SubvolumeRemoval.run(below: try FileDescriptor.open(path, [.readOnly, .directory, .noFollow]))
      guard try folder.removeSubvolume(name) else { throw SyscallError("rmdir", path, errno: .notEmpty) }
    }
  }

  /// Removes what is at `path` as ``Directory/removeTree(_:)`` does, also if it is on btrfs and somebody has made subvolumes in it.
  public static func removeTree(_ path: String) throws(SyscallError) {
    do throws(SyscallError) { return try Directory.removeTree(path) } catch {
      // Of one that is read-only nothing can be removed, and out of none anything be moved.
      let isOfSubvolumes = [.readOnlyFileSystem, .crossDevice, .notPermitted].contains(error.errno)
      guard isOfSubvolumes, try FileSystemKind(ofPath: path) == .btrfs else { throw error }
    }
    try SubvolumeRemoval.run(below: try FileDescriptor.open(path, [.readOnly, .directory, .noFollow]))
    try Directory.removeTree(path)
  }

  /// Holds the subvolume at `path` to so many bytes that no other has, too.
  public static func limit(_ path: String, to bytes: UInt64) throws(SyscallError) {
    try FileDescriptor.open(path, [.readOnly, .directory, .noFollow]).limitSubvolume(to: bytes)
  }

  fileprivate static func isSubvolume(_ status: FileStatus) -> Bool {
    status.kind == .directory && status.inode == rootInode
  }

  private static func openFolder(of path: String) throws(SyscallError) -> FileDescriptor {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    return try FileDescriptor.open(folder, [.readOnly, .directory])
  }

  private static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }
}

extension FileDescriptor {
  fileprivate func makeSubvolume(_ name: String) throws(SyscallError) {
    try check("ioctl BTRFS_IOC_SUBVOL_CREATE_V2", name) { proa_make_subvolume(number, name) }
  }

  fileprivate func makeSnapshot(_ name: String, of source: borrowing FileDescriptor) throws(SyscallError) {
    let source = source.number
    try check("ioctl BTRFS_IOC_SNAP_CREATE_V2", name) { proa_make_snapshot(number, source, name) }
  }

  fileprivate func limitSubvolume(to bytes: UInt64) throws(SyscallError) {
    // Nothing happens where it is counted already. Counting is not free: it begins with the first limit.
    try check("ioctl BTRFS_IOC_QUOTA_CTL") { proa_enable_subvolume_quotas(number) }
    try check("ioctl BTRFS_IOC_QUOTA_RESCAN_WAIT") { proa_wait_for_subvolume_quotas(number) }
    try check("ioctl BTRFS_IOC_QGROUP_LIMIT") { proa_limit_subvolume(number, bytes) }
  }

  /// Removes the subvolume `name` of this directory, and what was counted of it.
  /// - Returns: whether it is gone; one with others in it is not.
  fileprivate func removeSubvolume(_ name: [CChar]) throws(SyscallError) -> Bool {
    let title = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    let subvolume = try openResolved(name, [.readOnly, .directory, .noFollow], resolve: .beneath).subvolumeNumber()
    do throws(SyscallError) {
      try check("ioctl BTRFS_IOC_SNAP_DESTROY_V2", title) { proa_remove_subvolume(number, name) }
    } catch {
      guard error.errno == .notEmpty else { throw error }
      return false
    }
    try removeCount(of: subvolume)
    return true
  }

  private func subvolumeNumber() throws(SyscallError) -> UInt64 {
    var result: UInt64 = 0
    try check("ioctl BTRFS_IOC_INO_LOOKUP") { proa_subvolume_number(number, &result) }
    return result
  }

  private func removeCount(of subvolume: UInt64) throws(SyscallError) {
    do throws(SyscallError) {
      try check("ioctl BTRFS_IOC_QGROUP_CREATE") { proa_remove_subvolume_count(number, subvolume) }
    } catch {
      // Nothing is counted, or not this; newer kernels do it by themselves when all of the subvolume is gone, and not before.
      let isFine = [ENOTCONN, ENOENT, EINVAL, EBUSY].contains(error.errno.rawValue)
      guard isFine else { throw error }
    }
  }

  fileprivate func makeSubvolumeWritable() throws(SyscallError) {
    try check("ioctl BTRFS_IOC_SUBVOL_SETFLAGS") { proa_make_subvolume_writable(number) }
  }
}

/// Removes the subvolumes in a directory or subvolume: everybody may make some in a directory of his own.
private struct SubvolumeRemoval {
  /// A directory on the way down.
  private struct Level {
    var name: [CChar]
    var isSubvolume: Bool
    /// Names of the directories in it that are still to be looked into.
    var waiting: [[CChar]]
  }

  private let position: TreePosition
  private var levels: [Level] = []

  static func run(below root: borrowing FileDescriptor) throws(SyscallError) {
    var removal = SubvolumeRemoval(position: try TreePosition(root))
    try removal.begin([])
    while let last = removal.levels.indices.last {
      if let name = removal.levels[last].waiting.popLast() {
        try removal.enter(name)
      } else {
        let left = removal.levels.removeLast()
        if removal.levels.isEmpty { return }
        try removal.leave(left)
      }
    }
  }

  /// Notes which directories are in the one here.
  private mutating func begin(_ name: [CChar]) throws(SyscallError) {
    var level = Level(name: name, isSubvolume: Subvolume.isSubvolume(try position.directory.status()), waiting: [])
    // What is in one that is read-only cannot be removed.
    if level.isSubvolume { try position.directory.makeSubvolumeWritable() }
    for inner in try position.directory.directoryNames()
    where try position.directory.status(at: inner)?.kind == .directory {
      level.waiting.append(inner)
    }
    levels.append(level)
  }

  /// Goes to what is in the directory `name`, unless there is nothing to do about it any more.
  private mutating func enter(_ name: [CChar]) throws(SyscallError) {
    guard let status = try position.directory.status(at: name), status.kind == .directory else { return }
    if Subvolume.isSubvolume(status), try position.directory.removeSubvolume(name) { return }
    if try position.enter(name) { try begin(name) } else { try position.leave() }
  }

  /// - Throws: `ESTALE` if somebody has moved the directory meanwhile.
  private func leave(_ level: Level) throws(SyscallError) {
    try position.leave()
    guard position.isThere else { throw SyscallError("openat", "..", errno: .init(rawValue: ESTALE)) }
    if level.isSubvolume, try !position.directory.removeSubvolume(level.name) {
      throw SyscallError("ioctl BTRFS_IOC_SNAP_DESTROY_V2", errno: .notEmpty)
    }
  }
}
