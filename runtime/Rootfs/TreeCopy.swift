internal import LinuxKernel

/// Copies what is in one directory into another, as it is: kinds, owners, permissions, extended attributes, times.
///
/// Whatever the source holds, nothing outside of it is read, and nothing outside of the target written: every name is looked
/// up in a directory that is held open, and no link is followed.
enum TreeCopy {
  /// Every level costs two descriptors.
  private static let maximumDepth = 200

  static func copyContents(
    of source: borrowing FileDescriptor, to target: borrowing FileDescriptor, depth: Int = 0
  ) throws(SyscallError) {
    guard depth < maximumDepth else {
      throw SyscallError("copy", "more than \(maximumDepth) levels of directories", errno: .tooManyLinks)
    }
    for name in try source.directoryNames() {
      // One that has gone meanwhile is not there to be copied.
      guard let status = try source.status(at: name) else { continue }
      try copy(name, status, from: source, to: target, depth: depth)
    }
  }

  /// Gives the entry `name` of `target` the owner, permissions, attributes and time of that of `source`, in this order:
  /// a change of the owner takes the set-user-id bit and capabilities away.
  static func describe(
    _ name: [CChar], _ status: FileStatus, from source: borrowing FileDescriptor,
    in target: borrowing FileDescriptor
  ) throws(SyscallError) {
    try target.setOwner(at: name, status.owner, status.group)
    if status.kind != .symbolicLink { try target.setMode(at: name, status.permissions) }
    for attribute in try source.attributeNames(at: name) {
      let value = try source.attribute(attribute, at: name)
      do throws(SyscallError) { try target.setAttribute(attribute, to: value, at: name) } catch {
        // A tmpfs keeps no user's attributes before Linux 6.6, nor another security module's labels.
        guard error.errno == .notSupported else { throw error }
      }
    }
    try target.setTimes(at: name, seconds: status.modified, nanoseconds: status.modifiedNanoseconds)
  }

  private static func copy(
    _ name: [CChar], _ status: FileStatus, from source: borrowing FileDescriptor,
    to target: borrowing FileDescriptor, depth: Int
  ) throws(SyscallError) {
    let (major, minor) = status.deviceNumbers
    switch status.kind {
    case .directory:
      try target.makeDirectory(at: name, mode: 0o700)
      try copyContents(
        of: try source.openEntry(name, .directory), to: try target.openEntry(name, .directory), depth: depth + 1)
    case .regular: try copyFile(name, from: source, to: target)
    case .symbolicLink: try target.makeSymbolicLink(at: name, to: try source.symbolicLinkTarget(at: name))
    case .characterDevice: try target.makeNode(.characterDevice(major: major, minor: minor), at: name, mode: 0)
    case .blockDevice: try target.makeNode(.blockDevice(major: major, minor: minor), at: name, mode: 0)
    case .fifo: try target.makeNode(.fifo, at: name, mode: 0)
    case .socket: return  // Nobody listens to a copy.
    }
    try describe(name, status, from: source, in: target)
  }

  private static func copyFile(
    _ name: [CChar], from source: borrowing FileDescriptor, to target: borrowing FileDescriptor
  ) throws(SyscallError) {
    // Without blocking: it may have become a FIFO.
    let file = try source.openEntry(name, .nonBlocking)
    guard try file.status().kind == .regular else { throw SyscallError("open", "no file any more", errno: .invalid) }
    try file.copyRest(to: try target.makeFile(at: name, mode: 0o600))
  }
}

extension FileDescriptor {
  fileprivate func openEntry(
    _ name: [CChar], _ options: OpenOptions
  ) throws(SyscallError) -> FileDescriptor {
    try openResolved(name, [options, .noFollow], resolve: [.beneath, .noSymbolicLinks, .noMagicLinks])
  }
}
