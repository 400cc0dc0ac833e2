internal import CLinux
internal import Glibc

/// User namespaces for their mappings alone.
package enum UserNamespaces {
  /// Whether this process is in another one than the machine's first.
  package static func isInside() throws(SyscallError) -> Bool {
    let map = try AtomicFile.read("/proc/self/uid_map", limit: 1 << 16)
    return String(decoding: map, as: UTF8.self).words != ["0", "0", "4294967295"]
  }

  /// Whether nobody inside this one may set his groups: an ordinary user has mapped it, or one around it, without help.
  package static func deniesGroups() throws(SyscallError) -> Bool {
    var status = stat()
    try check("stat", "/proc/self/ns/user") { stat("/proc/self/ns/user", &status) }
    // The kernel's first one, where he may, has this number on every machine (PROC_USER_INIT_INO).
    if status.st_ino == 0xEFFF_FFFD { return false }
    return try AtomicFile.read("/proc/self/setgroups", limit: 16).starts(with: Array("deny".utf8))
  }

  /// A new user namespace that nobody is in. This process may have several threads: the one that it makes calls the kernel alone.
  /// - Parameters:
  ///   - uids: the text of `uid_map`.
  ///   - gids: the text of `gid_map`.
  package static func make(uids: String, gids: String) throws(SyscallError) -> FileDescriptor {
    let parent = getpid()
    switch try Cloning.clone(.user) {
    case .child: hold(for: parent)
    case .parent(let pid, let process):
      let namespace: FileDescriptor
      do throws(SyscallError) { namespace = try map(pid, uids, gids) } catch {
        try end(pid, process)
        throw error
      }
      try end(pid, process)
      return namespace
    }
  }

  /// There only to hold the namespace until it is opened, and no longer than who opens it: it has copies of all his descriptors.
  private static func hold(for parent: pid_t) -> Never {
    guard proa_prctl(PR_SET_PDEATHSIG, UInt(SIGKILL), 0, 0, 0) == 0, getppid() == parent else { _exit(1) }
    while true { pause() }
  }

  private static func map(_ pid: Int32, _ uids: String, _ gids: String) throws(SyscallError) -> FileDescriptor {
    for (file, text) in [("uid_map", uids), ("gid_map", gids)] {
      do throws(SyscallError) {
        try FileDescriptor.open("/proc/\(pid)/\(file)", .writeOnly).writeAll(Array(text.utf8))
      } catch {
        throw SyscallError("write", file, errno: error.errno)
      }
    }
    return try FileDescriptor.open("/proc/\(pid)/ns/user")
  }

  private static func end(_ pid: Int32, _ process: borrowing FileDescriptor) throws(SyscallError) {
    try process.sendSignal(SIGKILL)
    _ = try Processes.reap(pid)
  }
}

extension FileDescriptor {
  /// Shows the files of the detached mount that this descriptor holds under other ids: those that the user namespace
  /// `namespace` has for them, `MOUNT_ATTR_IDMAP`.
  package func mapIDs(by namespace: borrowing FileDescriptor, recursive: Bool) throws(SyscallError) {
    let namespace = namespace.number
    try check("mount_setattr") { proa_mount_map_ids(number, recursive ? 0x8000 : 0, namespace) }
  }
}
