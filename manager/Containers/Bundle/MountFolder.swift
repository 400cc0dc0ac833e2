internal import LinuxKernel

/// A folder of a bundle in which the manager mounts what a container is to have from elsewhere. Blocks.
struct MountFolder {
  let path: String

  func place(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes the directory that something is to be mounted on.
  /// - Returns: its path.
  func makePlace(_ name: String) throws(SyscallError) -> String {
    try Directory.make(place(name), mode: 0o700)
    return place(name)
  }

  /// Mounts the open file or directory, with what is mounted below it.
  func attach(_ part: borrowing FileDescriptor, as name: String) throws(SyscallError) {
    if try part.status().kind == .directory {
      _ = try makePlace(name)
    } else {
      try Directory.make(path, mode: 0o700)
      _ = try FileDescriptor.open(place(name), [.writeOnly, .create])
    }
    let target = try FileDescriptor.open(place(name), [.pathOnly, .noFollow])
    try part.cloneMount(recursive: true).attachMount(to: target)
  }

  /// Takes everything away that is mounted in it, and the places. What is not there is fine.
  func unmount() throws(SyscallError) {
    for name in try names() {
      do throws(SyscallError) { try Mounts.detach(place(name)) } catch {
        guard error.errno == .invalid else { throw error }
      }
    }
    try removePlaces()
  }

  /// Removes the mount points, which goes only when nothing is mounted there: what is below belongs to somebody else.
  func removePlaces() throws(SyscallError) {
    for name in try names() {
      if try FileStatus.of(place(name))?.kind == .directory {
        try Directory.removeEmpty(place(name))
      } else {
        try Directory.removeTree(place(name))
      }
    }
  }

  private func names() throws(SyscallError) -> [String] {
    try FileStatus.of(path) == nil ? [] : Directory.names(path)
  }
}
