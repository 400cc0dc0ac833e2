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
    do throws(SyscallError) { try folder.removeSubvolume(name) } catch {
      guard error.errno == .notEmpty else { throw error }
      try removeInner(of: try FileDescriptor.open(path, [.readOnly, .directory, .noFollow]))
      try folder.removeSubvolume(name)
    }
  }

  /// Holds the subvolume at `path` to so many bytes that no other has, too.
  public static func limit(_ path: String, to bytes: UInt64) throws(SyscallError) {
    try FileDescriptor.open(path, [.readOnly, .directory, .noFollow]).limitSubvolume(to: bytes)
  }

  /// Removes the subvolumes in one, which everybody may make in a directory of his own.
  private static func removeInner(of root: borrowing FileDescriptor) throws(SyscallError) {
    var found: [(folder: [CChar], name: [CChar])] = []
    // Paths and not descriptors wait for their turn: a tree can be deeper than a process may open files.
    var waiting: [[CChar]] = [[CChar(UInt8(ascii: ".")), 0]]
    while let path = waiting.popLast() {
      let directory = try open(path, in: root)
      for name in try directory.directoryNames() {
        guard let status = try directory.status(at: name), status.kind == .directory else { continue }
        if isSubvolume(status) { found.append((path, name)) }
        waiting.append(path.dropLast() + [CChar(UInt8(ascii: "/"))] + name)
      }
    }
    // Each was found before those in it.
    for inner in found.reversed() { try open(inner.folder, in: root).removeSubvolume(inner.name) }
  }

  private static func open(
    _ path: [CChar], in root: borrowing FileDescriptor
  ) throws(SyscallError) -> FileDescriptor {
    try root.openResolved(path, [.readOnly, .directory, .noFollow], resolve: [.beneath, .noSymbolicLinks])
  }

  private static func isSubvolume(_ status: FileStatus) -> Bool {
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

  fileprivate func removeSubvolume(_ name: [CChar]) throws(SyscallError) {
    let title = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    try check("ioctl BTRFS_IOC_SNAP_DESTROY_V2", title) { proa_remove_subvolume(number, name) }
  }
}
