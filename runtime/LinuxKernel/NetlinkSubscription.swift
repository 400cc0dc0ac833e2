internal import CLinux
internal import Glibc

/// A netlink socket that hears of changes in the namespace it was made in. Never blocks.
package struct NetlinkSubscription: ~Copyable, Sendable {
  /// Every transaction on the rules of nftables, by anybody.
  package static let nftables: Int32 = 7

  private let descriptor: FileDescriptor

  package init(_ family: NetlinkSocket.Family, group: Int32) throws(SyscallError) {
    let descriptor = FileDescriptor(owning: try check("socket") { proa_netlink_socket(family.rawValue) })
    try check("fcntl F_SETFL", "netlink") { proa_fcntl(descriptor.number, F_SETFL, Int(O_NONBLOCK)) }
    try check("bind", "netlink group \(group)") { proa_netlink_join(descriptor.number, group) }
    self.descriptor = descriptor
  }

  /// Becomes readable when something has changed; valid as long as this value lives.
  package var number: Int32 { descriptor.number }

  /// Throws away all that has arrived: that something changed is all there is to know, what it is now has to be asked.
  package func drain() {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = buffer.withUnsafeMutableBytes { recv(descriptor.number, $0.baseAddress, $0.count, 0) }
      // ENOBUFS: so much has changed that the kernel dropped some of it, and says so once.
      guard count > 0 || errno == EINTR || errno == ENOBUFS else { return }
    }
  }
}
