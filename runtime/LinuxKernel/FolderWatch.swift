internal import Glibc

/// Files in a folder as readable events (inotify(7)).
public enum FolderWatch {
  /// A descriptor that becomes readable when a file in `folder` is made or written to. It does not block.
  public static func open(_ folder: String) throws(SyscallError) -> FileDescriptor {
    let flags = Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK)
    let descriptor = FileDescriptor(owning: try check("inotify_init1") { inotify_init1(flags) })
    try check("inotify_add_watch", folder) {
      inotify_add_watch(descriptor.number, folder, UInt32(IN_MODIFY | IN_CREATE | IN_ONLYDIR))
    }
    return descriptor
  }
}
