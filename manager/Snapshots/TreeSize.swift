internal import LinuxKernel

/// Counts what a layer has of its own where all that the layers below have is in its tree, too.
struct TreeSize {
  private var seen: Set<UInt64> = []
  private var size: Int64 = 0

  private init() {}

  /// Bytes of the files in the directory `tree`, a file with several names counted once.
  /// - Parameter below: the tree of the layers below; its files do not count. A file is the same if it has the same inode, as links
  ///   and copies of a whole subvolume have, and is as long.
  static func count(_ tree: String, without below: String?) throws(SyscallError) -> Int64 {
    var count = TreeSize()
    let walk = try walk(tree, beside: below)
    while try walk.next() {
      let files = try Self.files(at: walk.beside)
      for name in try walk.here.directory.directoryNames() {
        guard let status = try walk.here.directory.status(at: name) else { continue }
        if status.kind == .directory { walk.add(name) }
        if let other = files[name], other.inode == status.inode, other.size == status.size { continue }
        count.add(status)
      }
    }
    return count.size
  }

  private static func walk(_ tree: String, beside below: String?) throws(SyscallError) -> TreeWalk {
    let root = try FileDescriptor.open(tree, [.readOnly, .directory, .noFollow])
    guard let below else { return try TreeWalk(root) }
    return try TreeWalk(root, beside: try FileDescriptor.open(below, [.readOnly, .directory, .noFollow]))
  }

  private mutating func add(_ status: FileStatus) {
    guard status.kind == .regular, status.links == 1 || seen.insert(status.inode).inserted else { return }
    size += status.size
  }

  /// The regular files of a directory, if it is there.
  private static func files(at position: TreePosition?) throws(SyscallError) -> [[CChar]: FileStatus] {
    guard let position, position.isThere else { return [:] }
    var files: [[CChar]: FileStatus] = [:]
    for name in try position.directory.directoryNames() {
      guard let status = try position.directory.status(at: name), status.kind == .regular else { continue }
      files[name] = status
    }
    return files
  }
}
