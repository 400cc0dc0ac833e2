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
    let root = try FileDescriptor.open(tree, [.readOnly, .directory, .noFollow])
    var walk = TreeWalk()
    while let path = walk.next() {
      let files = try below.map { below throws(SyscallError) in try Self.files(at: path, in: below) } ?? [:]
      let directory = try TreeWalk.open(path, in: root)
      for name in try directory.directoryNames() {
        guard let status = try directory.status(at: name) else { continue }
        if status.kind == .directory { walk.add(name, in: path) }
        if let other = files[name], other.inode == status.inode, other.size == status.size { continue }
        count.add(status)
      }
    }
    return count.size
  }

  private mutating func add(_ status: FileStatus) {
    guard status.kind == .regular, status.links == 1 || seen.insert(status.inode).inserted else { return }
    size += status.size
  }

  /// The regular files of a directory, if it is there.
  private static func files(at path: [CChar], in tree: String) throws(SyscallError) -> [[CChar]: FileStatus] {
    let root = try FileDescriptor.open(tree, [.readOnly, .directory, .noFollow])
    var files: [[CChar]: FileStatus] = [:]
    do throws(SyscallError) {
      let directory = try TreeWalk.open(path, in: root)
      for name in try directory.directoryNames() {
        guard let status = try directory.status(at: name), status.kind == .regular else { continue }
        files[name] = status
      }
    } catch {
      guard [.noEntry, .notDirectory, .tooManyLinks].contains(error.errno) else { throw error }
    }
    return files
  }
}
