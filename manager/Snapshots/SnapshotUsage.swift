public import LinuxKernel

/// How much a snapshot takes on its own.
public struct SnapshotUsage: Equatable, Sendable {
  /// Bytes of content, a file with several names counted once.
  public var size: Int64
  /// Files, directories included.
  public var inodes: Int64
  /// Bytes that all of that takes on the disk.
  public var allocated: Int64

  public init(size: Int64 = 0, inodes: Int64 = 0, allocated: Int64 = 0) {
    (self.size, self.inodes, self.allocated) = (size, inodes, allocated)
  }
}

extension SnapshotUsage {
  /// What is in the directory at `path`, and the directory itself. What vanishes during the walk does not count: containers that
  /// run are counted too.
  public init(of path: String) throws(SyscallError) {
    self.init(inodes: 1)
    let root = try FileDescriptor.open(path, [.readOnly, .directory, .noFollow])
    allocated = try root.status().allocated
    var seen: Set<FileIdentity> = []
    let walk = try TreeWalk(root)
    while try walk.next() {
      do throws(SyscallError) { try add(walk, &seen) } catch { guard error.isOfNoDirectory else { throw error } }
    }
  }

  /// Counts the entries of the directory where `walk` is.
  private mutating func add(_ walk: TreeWalk, _ seen: inout Set<FileIdentity>) throws(SyscallError) {
    for name in try walk.here.directory.directoryNames() {
      guard let status = try walk.here.directory.status(at: name) else { continue }
      if status.kind == .directory {
        walk.add(name)
      } else if status.links > 1, !seen.insert(status.identity).inserted {
        continue
      }
      count(status)
    }
  }

  /// Counts one file.
  mutating func count(_ status: FileStatus) {
    inodes += 1
    allocated += status.allocated
    if status.kind == .regular { size += status.size }
  }
}
