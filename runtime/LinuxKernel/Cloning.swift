internal import CLinux
internal import Glibc

/// Makes processes with `clone3(2)`, or with `clone(2)` where a seccomp filter denies that (Docker's profile does, because a
/// filter cannot see its flags): a hook may be started by a process that is confined already. Only for a process with one thread, or
/// for a child that calls nothing but the kernel.
package enum Cloning {
  /// Which of the two processes the call has returned in.
  package enum Side: ~Copyable {
    case child
    /// `pidfd` belongs to the caller's child, or is meaningless if the new process is its sibling.
    case parent(child: Int32, pidfd: FileDescriptor)
  }

  /// A copy of this process in new namespaces of `kinds`.
  /// - Parameters:
  ///   - cgroup: the directory of a v2 cgroup in which the child starts, or `nil` for that of the parent.
  ///   - asSibling: makes it a child of this process's parent (`CLONE_PARENT`).
  package static func clone(
    _ kinds: NamespaceKinds = [], into cgroup: Int32? = nil, asSibling: Bool = false
  ) throws(SyscallError) -> Side {
    var flags = UInt64(UInt32(bitPattern: kinds.rawValue)) | 0x1000
    if cgroup != nil { flags |= 0x2_0000_0000 }
    if asSibling { flags |= 0x8000 }
    var pidfd = Int32(-1)
    var pid = 0
    do throws(SyscallError) {
      pid = try check("clone3") { proa_clone3(flags, &pidfd, cgroup ?? 0) }
    } catch {
      guard cgroup == nil, [.notImplemented, .notPermitted].contains(error.errno) else { throw error }
      pid = try check("clone") { proa_clone(flags, &pidfd) }
    }
    return pid == 0 ? .child : .parent(child: Int32(pid), pidfd: FileDescriptor(owning: pidfd))
  }
}
