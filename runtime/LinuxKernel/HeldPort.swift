internal import CLinux
internal import Glibc

/// A TCP or UDP port of the host that nobody else can take while this lives. What arrives at it is dropped, not answered:
/// it is there for the name, the packets are turned aside before they get here.
package final class HeldPort: Sendable {
  package enum Kind: Sendable {
    case stream
    case datagram
  }

  private let descriptor: FileDescriptor

  /// - Throws: `EADDRINUSE` if somebody has it, `EADDRNOTAVAIL` if the address is not the host's.
  package init(_ kind: Kind, _ address: IPv4Address, _ port: UInt16) throws(SyscallError) {
    let type = (kind == .stream ? PROA_SOCK_STREAM : PROA_SOCK_DGRAM) | PROA_SOCK_CLOEXEC
    let descriptor = FileDescriptor(owning: try check("socket") { socket(AF_INET, type, 0) })
    let name = "\(address):\(port)"
    try check("setsockopt", "SO_ATTACH_FILTER") { proa_deafen(descriptor.number) }
    // A TCP port whose last connections are in TIME_WAIT is free; that another one listens is found out by listening.
    if kind == .stream { try Self.allowReuse(descriptor.number) }
    var internet = sockaddr_in()
    internet.sin_family = sa_family_t(AF_INET)
    internet.sin_port = port.bigEndian
    internet.sin_addr.s_addr = address.rawValue.bigEndian
    try check("bind", name) {
      withUnsafePointer(to: internet) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor.number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
    if kind == .stream { try check("listen", name) { listen(descriptor.number, 0) } }
    self.descriptor = descriptor
  }

  private static func allowReuse(_ socket: Int32) throws(SyscallError) {
    var one: Int32 = 1
    try check("setsockopt", "SO_REUSEADDR") {
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    }
  }
}
