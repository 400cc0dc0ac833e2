internal import LinuxKernel

/// Copies a tree that nobody changes meanwhile.
struct TreeCopy {
  /// Whether files become further links to the same ones; otherwise their content is shared where the file system can.
  private let sharingFiles: Bool
  /// Of files that have several names the first one, with those of the directories from the root down to it.
  private var seen: [UInt64: [[CChar]]] = [:]
  /// Bytes that directories take.
  private var allocated: Int64 = 0

  private init(sharingFiles: Bool) { self.sharingFiles = sharingFiles }

  /// Puts what is in the directory `source`, and what that is, into the empty one `target`.
  /// - Returns: bytes that the new directories take on the disk.
  static func run(
    from source: String, to target: String, sharingFiles: Bool
  ) throws(SyscallError) -> Int64 {
    var copy = TreeCopy(sharingFiles: sharingFiles)
    try copy.run(from: source, to: target)
    return copy.allocated
  }

  private mutating func run(from source: String, to target: String) throws(SyscallError) {
    let target = try FileDescriptor.open(target, [.readOnly, .directory, .noFollow])
    let walk = try TreeWalk(try FileDescriptor.open(source, [.readOnly, .directory, .noFollow]), beside: target)
    while try walk.next() {
      try copy(walk, from: walk.here.directory, to: try walk.counterpart().directory, target)
    }
  }

  /// Copies one directory.
  private mutating func copy(
    _ walk: TreeWalk, from: borrowing FileDescriptor, to: borrowing FileDescriptor, _ root: borrowing FileDescriptor
  ) throws(SyscallError) {
    for name in try from.directoryNames() {
      guard let status = try from.status(at: name) else { continue }
      if status.kind == .directory {
        try to.makeDirectory(at: name, mode: 0o700)
        walk.add(name)
      } else {
        try copy(name, status, walk, from: from, to: to, root)
      }
    }
    // Its time changes with everything that is put into it.
    try EntryDescription.copy(try from.status(), of: from, to: to)
    allocated += try to.status().allocated
  }

  private mutating func copy(
    _ name: [CChar], _ status: FileStatus, _ walk: TreeWalk, from: borrowing FileDescriptor,
    to: borrowing FileDescriptor, _ root: borrowing FileDescriptor
  ) throws(SyscallError) {
    if sharingFiles, try share(name, from: from, to: to) { return }
    if status.links > 1 {
      if let other = seen[status.inode] { return try link(name, in: to, toThatAt: other, root) }
      seen[status.inode] = walk.here.names + [name]
    }
    switch status.kind {
    case .directory: return
    case .regular: try copyFile(name, from: from, to: to)
    case .symbolicLink: try to.makeSymbolicLink(at: name, to: try from.symbolicLinkTarget(at: name))
    case .fifo: try to.makeNode(.fifo, at: name, mode: 0o600)
    case .characterDevice:
      let (major, minor) = status.deviceNumbers
      try to.makeNode(.characterDevice(major: major, minor: minor), at: name, mode: 0o600)
    case .blockDevice:
      let (major, minor) = status.deviceNumbers
      try to.makeNode(.blockDevice(major: major, minor: minor), at: name, mode: 0o600)
    // No archive has one.
    case .socket: return
    }
    try EntryDescription.copy(name, status, from: from, to: to)
  }

  private func link(
    _ name: [CChar], in directory: borrowing FileDescriptor, toThatAt other: [[CChar]], _ root: borrowing FileDescriptor
  ) throws(SyscallError) {
    guard let first = other.last else { return }
    let place = try TreePosition(root)
    for folder in other.dropLast() where try !place.enter(folder) {
      throw SyscallError("linkat", errno: .noEntry)
    }
    try directory.makeHardLink(at: name, to: first, in: place.directory)
  }

  /// - Returns: whether the file could have one more link.
  private func share(
    _ name: [CChar], from: borrowing FileDescriptor, to: borrowing FileDescriptor
  ) throws(SyscallError) -> Bool {
    do throws(SyscallError) { try to.makeHardLink(at: name, to: name, in: from) } catch {
      if error.errno == .tooManyNames { return false }
      throw error
    }
    return true
  }

  private func copyFile(
    _ name: [CChar], from: borrowing FileDescriptor, to: borrowing FileDescriptor
  ) throws(SyscallError) {
    let source = try from.openResolved(name, [.readOnly, .noFollow], resolve: .beneath)
    let target = try to.makeFile(at: name, mode: 0o600)
    try source.copyContent(to: target, size: try source.status().size)
  }
}
