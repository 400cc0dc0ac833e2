internal import LinuxKernel

/// Moves what a layer changes, kept as overlayfs keeps it in an upper directory, into the tree of the layers below. Both are in one
/// file system, and nobody else's.
enum TreeMerge {
  /// - Parameters:
  ///   - differences: the directory of what the layer changes; only directories and marks are left in it.
  ///   - tree: of the layers below; the layer's afterwards.
  static func run(from differences: String, to tree: String) throws(SyscallError) {
    let walk = try TreeWalk(
      try FileDescriptor.open(differences, [.readOnly, .directory, .noFollow]),
      beside: try FileDescriptor.open(tree, [.readOnly, .directory, .noFollow]))
    while try walk.next() {
      try merge(walk, from: walk.here.directory, to: try walk.counterpart().directory)
    }
  }

  /// The same of one directory.
  private static func merge(
    _ walk: TreeWalk, from: borrowing FileDescriptor, to: borrowing FileDescriptor
  ) throws(SyscallError) {
    // Its time changes with everything that is taken out of it.
    let status = try from.status()
    if try from.attribute("trusted.overlay.opaque") == [UInt8(ascii: "y")] { try to.removeContents() }
    for name in try from.directoryNames() {
      guard let status = try from.status(at: name) else { continue }
      if try merge(name, status, from: from, to: to) { walk.add(name) }
    }
    try EntryDescription.copy(status, of: from, to: to)
  }

  /// - Returns: whether it is a directory, and what is in it is to follow.
  private static func merge(
    _ name: [CChar], _ status: FileStatus, from: borrowing FileDescriptor, to: borrowing FileDescriptor
  ) throws(SyscallError) -> Bool {
    // overlayfs's mark for what is gone.
    let isGone = status.kind == .characterDevice && status.represents == 0
    let isDirectory = status.kind == .directory
    if let existing = try to.status(at: name), !isDirectory || existing.kind != .directory {
      try to.removeTree(at: name)
    }
    if isGone { return false }
    guard isDirectory else {
      try from.move(name, to: name, in: to)
      return false
    }
    do throws(SyscallError) { try to.makeDirectory(at: name, mode: 0o700) } catch {
      guard error.errno == .exists else { throw error }
    }
    return true
  }
}
