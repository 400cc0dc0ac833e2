internal import CLinux
internal import Glibc

/// An address with a port.
public struct InternetEndpoint: Hashable, Sendable {
  public var address: IPAddress
  public var port: UInt16

  public init(_ address: IPAddress, _ port: UInt16) { (self.address, self.port) = (address, port) }
}

/// Sockets for an event loop: non-blocking, close-on-exec (ip(7), ipv6(7)).
public enum InternetSocket {
  public enum Kind: Sendable {
    case stream
    case datagram
  }

  /// A socket of the calling thread's network namespace at `endpoint`; port 0 is one of the kernel's choice.
  public static func bound(_ kind: Kind, to endpoint: InternetEndpoint) throws(SyscallError) -> FileDescriptor {
    let socket = try make(kind, endpoint)
    _ = try withAddress(of: endpoint) { address, length throws(SyscallError) in
      try check("bind", endpoint.address.with(port: endpoint.port)) { bind(socket.number, address, length) }
    }
    return socket
  }

  /// A socket that sends to `endpoint` and hears nobody else. A stream's connection may still be under way.
  public static func connecting(_ kind: Kind, to endpoint: InternetEndpoint) throws(SyscallError) -> FileDescriptor {
    let socket = try make(kind, endpoint)
    do throws(SyscallError) {
      _ = try withAddress(of: endpoint) { address, length throws(SyscallError) in
        try check("connect", endpoint.address.with(port: endpoint.port)) { connect(socket.number, address, length) }
      }
    } catch {
      guard error.errno.rawValue == EINPROGRESS else { throw error }
    }
    return socket
  }

  private static func make(_ kind: Kind, _ endpoint: InternetEndpoint) throws(SyscallError) -> FileDescriptor {
    let type = (kind == .stream ? PROA_SOCK_STREAM : PROA_SOCK_DGRAM) | PROA_SOCK_CLOEXEC | PROA_SOCK_NONBLOCK
    let family = endpoint.address.isIPv6 ? AF_INET6 : AF_INET
    return FileDescriptor(owning: try check("socket") { socket(family, type, 0) })
  }

  static func withAddress<Value>(
    of endpoint: InternetEndpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SyscallError) -> Value
  ) throws(SyscallError) -> Value {
    var storage = SocketAddress(endpoint)
    let length = storage.length
    return try withUnsafePointer(to: &storage.storage) { pointer throws(SyscallError) in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address throws(SyscallError) in
        try body(address, length)
      }
    }
  }
}

extension FileDescriptor {
  /// Where this socket is.
  public func boundEndpoint() throws(SyscallError) -> InternetEndpoint {
    var address = SocketAddress()
    try check("getsockname") { address.fill { getsockname(number, $0, &$1) } }
    return try address.endpoint()
  }

  /// The next datagram and who sent it; `nil` if there is none now. What is longer than `buffer` is cut off.
  public func receiveDatagram(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(SyscallError) -> (count: Int, sender: InternetEndpoint)? {
    var address = SocketAddress()
    do throws(SyscallError) {
      let count = try check("recvfrom") {
        address.fill { recvfrom(number, buffer.baseAddress, buffer.count, 0, $0, &$1) }
      }
      return (count, try address.endpoint())
    } catch {
      if error.errno == .wouldBlock { return nil }
      throw error
    }
  }

  /// Sends one datagram.
  public func sendDatagram(_ bytes: [UInt8], to endpoint: InternetEndpoint) throws(SyscallError) {
    _ = try InternetSocket.withAddress(of: endpoint) { address, length throws(SyscallError) in
      try check("sendto") {
        bytes.withUnsafeBytes { sendto(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), address, length) }
      }
    }
  }
}
