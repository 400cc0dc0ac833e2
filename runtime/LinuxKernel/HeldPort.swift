internal import CLinux
internal import Glibc

/// A TCP, UDP or SCTP port of the host that nobody else can take while this lives. What arrives at it is dropped, not answered:
/// it is there for the name, the packets are turned aside before they get here.
package final class HeldPort: Sendable {
  package enum Kind: Sendable {
    case stream
    case datagram
    /// SCTP, which not every kernel has.
    case association
  }

  package let address: IPAddress
  private let descriptor: FileDescriptor

  /// - Throws: `EADDRINUSE` if somebody has it, `EADDRNOTAVAIL` if the address is not the host's, `EPROTONOSUPPORT` if the kernel
  ///   has no SCTP.
  package init(_ kind: Kind, _ address: IPAddress, _ port: UInt16) throws(SyscallError) {
    let type = (kind == .datagram ? PROA_SOCK_DGRAM : PROA_SOCK_STREAM) | PROA_SOCK_CLOEXEC
    let family = address.isIPv6 ? AF_INET6 : AF_INET
    let descriptor = FileDescriptor(
      owning: try check("socket") {
        socket(family, type, kind == .association ? Int32(IPPROTO_SCTP) : 0)
      })
    let (number, name) = (descriptor.number, address.with(port: port))
    try check("setsockopt", "SO_ATTACH_FILTER") { proa_deafen(number) }
    // A TCP port whose last connections are in TIME_WAIT is free; that another one listens is found out by listening.
    if kind == .stream { try Self.set(SOL_SOCKET, SO_REUSEADDR, "SO_REUSEADDR", of: number) }
    // The same port of IPv4 is another one.
    if address.isIPv6 { try Self.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, "IPV6_V6ONLY", of: number) }
    _ = try InternetSocket.withAddress(of: InternetEndpoint(address, port)) { address, length throws(SyscallError) in
      try check("bind", name) { bind(number, address, length) }
    }
    if kind == .stream { try check("listen", name) { listen(descriptor.number, 0) } }
    self.address = address
    self.descriptor = descriptor
  }

  private static func set(
    _ level: Int32, _ option: Int32, _ name: String, of socket: Int32
  ) throws(SyscallError) {
    var one: Int32 = 1
    try check("setsockopt", name) {
      setsockopt(socket, level, option, &one, socklen_t(MemoryLayout<Int32>.size))
    }
  }
}
