internal import LinuxKernel
internal import OCIRuntimeSpec
internal import Rootfs

/// A container without a mount namespace of its own, which inherits that of the runtime (config-linux.md §Namespaces).
///
/// Its root is put together in a namespace that nobody else sees. A copy of all that is mounted there becomes the root of
/// the process, which then goes back: in the namespace of the host nothing is mounted that somebody would have to unmount,
/// or that would lead whoever removes the bundle into a volume. The copy is gone when the last process has left it. No
/// `..` leads out of it; but whoever may join a mount namespace, and can see one of the host's, is at the host's root there.
struct BorrowedMounts: ~Copyable {
  private let home: FileDescriptor

  /// What makes no sense, or would not be copied.
  static func check(_ plan: RootfsPlan) throws(RuntimeError) {
    guard plan.propagation == nil else {
      throw RuntimeError(at: "linux.rootfsPropagation", "needs a mount namespace")
    }
    for mount in plan.mounts where mount.options.propagation.contains(where: { $0.contains(.unbindable) }) {
      throw RuntimeError(at: "\(mount.culprit).options", "what is unbindable needs a mount namespace")
    }
  }

  /// Leaves the runtime's namespace for one of this process alone.
  init() throws(RuntimeError) {
    let home = try explaining("linux.namespaces") { () throws(SyscallError) in
      try FileDescriptor.open("/proc/self/ns/mnt")
    }
    try explaining("linux.namespaces") { () throws(SyscallError) in try NamespaceKinds.mount.unshare() }
    self.home = home
  }

  /// Goes back, with a copy of what is mounted as the root.
  consuming func giveBack() throws(RuntimeError) {
    let root = try explaining("linux.namespaces") { () throws(SyscallError) in
      try FileDescriptor.cloneMount("/", recursive: true)
    }
    do throws(SyscallError) {
      try home.joinNamespaces(.mount)
      try root.becomeRoot()
    } catch {
      throw RuntimeError(at: "linux.namespaces", "\(error)")
    }
  }
}
