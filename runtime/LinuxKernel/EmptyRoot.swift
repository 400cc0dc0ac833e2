/// A root with nothing in it, for a process that others may look into.
enum EmptyRoot {
  /// Makes it this process's root, in a mount namespace of its own with nothing else in it.
  /// - Parameter pivots: whether the present root can be let go of. One on a ramdisk stays below.
  static func enter(pivots: Bool) throws(SyscallError) {
    try NamespaceKinds.mount.unshare()
    // What is mounted and let go of here concerns nobody else.
    try Mounts.mount(nil, on: "/", flags: [.private, .recursive])
    let old = try FileDescriptor.open("/", [.pathOnly, .directory])
    let empty = try FileSystemContext("tmpfs").mount()
    try empty.setMount([.readOnly, .noExecution, .noSetUID, .noDevices])
    try empty.attachMount(to: old)
    guard pivots else { return try empty.becomeRoot() }
    try empty.enter()
    try Mounts.pivotToWorkingDirectory()
    try old.enter()
    // What covers the old root comes off first, and only then the old root.
    repeat { try Mounts.detach(".") } while try empty.isCoveredAsRoot()
    try empty.enter()
  }
}

extension FileDescriptor {
  /// Whether something is mounted over this directory, the root of this process.
  fileprivate func isCoveredAsRoot() throws(SyscallError) -> Bool {
    // The only way from the root to what covers it.
    let (top, own) = (try FileDescriptor.open("/..", [.pathOnly, .directory]).status(), try status())
    return (top.device, top.inode) != (own.device, own.inode)
  }
}
