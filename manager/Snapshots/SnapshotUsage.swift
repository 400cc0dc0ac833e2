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
  /// - Throws: `ENAMETOOLONG` if a path in it is longer than the kernel resolves.
  public init(of path: String) throws(SyscallError) {
    self.init(inodes: 1)
    let root = try FileDescriptor.open(path, [.readOnly, .directory, .noFollow])
    allocated = try root.status().allocated
    var seen: Set<UInt64> = []
    // Paths and not descriptors wait for their turn: a tree can be deeper than a process may open files.
    var waiting: [[CChar]] = [[CChar(UInt8(ascii: ".")), 0]]
    while let path = waiting.popLast() {
      do throws(SyscallError) {
        let directory = try root.openResolved(
          path, [.readOnly, .directory, .noFollow], resolve: [.beneath, .noSymbolicLinks])
        try add(directory, &seen) { waiting.append(path.dropLast() + [CChar(UInt8(ascii: "/"))] + $0) }
      } catch {
        guard error.errno == .noEntry || error.errno == .notDirectory || error.errno == .tooManyLinks else {
          throw error
        }
      }
    }
  }

  /// What of `changes` is in the tree at `path`, and the directory itself. What has vanished meanwhile does not count.
  init(of changes: [TreeChange], in path: String) throws(SyscallError) {
    self.init(inodes: 1)
    let root = try FileDescriptor.open(path, [.readOnly, .directory, .noFollow])
    var seen: Set<UInt64> = []
    for change in changes where change.kind != .deleted {
      let name = [CChar(UInt8(ascii: "."))] + change.path.map(CChar.init(bitPattern:)) + [0]
      do throws(SyscallError) {
        let status = try root.openResolved(
          name, [.pathOnly, .noFollow], resolve: [.beneath, .noSymbolicLinks]
        ).status()
        if status.kind != .directory, status.links > 1, !seen.insert(status.inode).inserted { continue }
        inodes += 1
        allocated += status.allocated
        if status.kind == .regular { size += status.size }
      } catch {
        guard [.noEntry, .notDirectory, .tooManyLinks].contains(error.errno) else { throw error }
      }
    }
  }

  /// Counts the entries of one directory, and tells the names of the directories among them.
  private mutating func add(
    _ directory: borrowing FileDescriptor, _ seen: inout Set<UInt64>, _ found: ([CChar]) -> Void
  ) throws(SyscallError) {
    for name in try directory.directoryNames() {
      guard let status = try directory.status(at: name) else { continue }
      if status.kind == .directory {
        found(name)
      } else if status.links > 1, !seen.insert(status.inode).inserted {
        continue
      }
      inodes += 1
      allocated += status.allocated
      if status.kind == .regular { size += status.size }
    }
  }
}
