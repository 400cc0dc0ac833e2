internal import CLinux
internal import Glibc

/// Kinds of namespaces as `clone3`, `setns` and `unshare` know them, combined.
package struct NamespaceKinds: OptionSet, Hashable, Sendable {
  package let rawValue: Int32
  package init(rawValue: Int32) { self.rawValue = rawValue }

  package static let time = NamespaceKinds(rawValue: 0x80)
  package static let mount = NamespaceKinds(rawValue: 0x0002_0000)
  package static let cgroup = NamespaceKinds(rawValue: 0x0200_0000)
  package static let uts = NamespaceKinds(rawValue: 0x0400_0000)
  package static let ipc = NamespaceKinds(rawValue: 0x0800_0000)
  package static let user = NamespaceKinds(rawValue: 0x1000_0000)
  package static let pid = NamespaceKinds(rawValue: 0x2000_0000)
  package static let network = NamespaceKinds(rawValue: 0x4000_0000)

  /// Leaves the present namespaces for new ones.
  package func unshare() throws(SyscallError) { try check("unshare") { proa_unshare(rawValue) } }
}

extension FileDescriptor {
  /// Joins the namespace that this descriptor holds, or these of the process whose pidfd it is, `setns(2)`.
  package func joinNamespaces(_ kinds: NamespaceKinds) throws(SyscallError) {
    try check("setns") { proa_setns(number, kinds.rawValue) }
  }
}

extension FileDescriptor {
  /// The kind of the namespace that this descriptor holds (`NS_GET_NSTYPE`); `ENOTTY` if it holds none.
  package func namespaceKind() throws(SyscallError) -> NamespaceKinds {
    NamespaceKinds(rawValue: try check("ioctl NS_GET_NSTYPE") { proa_ioctl(number, 0xb703, 0) })
  }
}
