internal import LinuxKernel

/// Opens and removes the daemon's socket.
enum UnixListener {
  /// Whose members may talk to the daemon.
  static let group = "proa"
  /// How many clients may wait to be accepted; the kernel takes at most `net.core.somaxconn`. The next one's `connect`
  /// waits, or fails with `EAGAIN` if it may not wait, as Go's and Python's.
  static let backlog: Int32 = 4096

  /// A listening socket at `path`, mode 0660, of the group `proa` if there is one. A socket on which nobody listens any
  /// more is replaced.
  static func open(_ path: String) throws(ListenError) -> FileDescriptor {
    do {
      try removeStale(path)
      let socket = try UnixSocket.listen(at: path, backlog: backlog)
      try share(path)
      return socket
    } catch let error as ListenError {
      throw error
    } catch {
      throw .system(path: path, reason: "\(error)")
    }
  }

  private static func removeStale(_ path: String) throws {
    guard let status = try FileStatus.of(path) else { return }
    guard status.kind == .socket else { throw ListenError.notASocket(path: path) }
    guard try isStale(path) else { throw ListenError.inUse(path: path) }
    try remove(path)
  }

  /// Removes the name of a socket of ours; fine if it is gone.
  static func remove(_ path: String) throws(SyscallError) { try Directory.removeTree(path) }

  private static func isStale(_ path: String) throws(SyscallError) -> Bool {
    do throws(SyscallError) {
      _ = try UnixSocket.connect(to: path)
      return false
    } catch {
      if error.errno == .connectionRefused { return true }
      throw error
    }
  }

  private static func share(_ path: String) throws(SyscallError) {
    let folder = try FileDescriptor.open(parent(of: path), [.readOnly, .directory])
    let name = String(path[path.index(after: path.lastIndex(of: "/") ?? path.startIndex)...])
    if let group = try groupIdentifier(group) {
      // The owner stays as it is.
      try folder.setOwner(at: name, user: .max, group: group)
    }
    try folder.setMode(at: name, 0o660)
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }

  /// The number of a group of this machine, from `/etc/group`; `nil` if there is none of that name.
  private static func groupIdentifier(_ name: String) throws(SyscallError) -> UInt32? {
    let text: [UInt8]
    do throws(SyscallError) { text = try AtomicFile.read("/etc/group") } catch {
      if error.errno == .noEntry { return nil }
      throw error
    }
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      if fields.count > 2, fields[0] == name { return UInt32(fields[2]) }
    }
    return nil
  }
}
