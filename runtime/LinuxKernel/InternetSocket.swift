internal import CLinux
internal import Glibc

/// An IPv4 address with a port.
public struct InternetEndpoint: Hashable, Sendable {
  public var address: IPv4Address
  public var port: UInt16

  public init(_ address: IPv4Address, _ port: UInt16) { (self.address, self.port) = (address, port) }

  fileprivate init(_ internet: sockaddr_in) {
    self.init(
      IPv4Address(rawValue: UInt32(bigEndian: internet.sin_addr.s_addr)), UInt16(bigEndian: internet.sin_port))
  }

  fileprivate var internet: sockaddr_in {
    var internet = sockaddr_in()
    internet.sin_family = sa_family_t(AF_INET)
    internet.sin_port = port.bigEndian
    internet.sin_addr.s_addr = address.rawValue.bigEndian
    return internet
  }
}

/// IPv4 sockets for an event loop: non-blocking, close-on-exec (ip(7)).
public enum InternetSocket {
  public enum Kind: Sendable {
    case stream
    case datagram
  }

  /// A socket of the calling thread's network namespace at `endpoint`; port 0 is one of the kernel's choice.
  public static func bound(_ kind: Kind, to endpoint: InternetEndpoint) throws(SyscallError) -> FileDescriptor {
    let socket = try make(kind)
    _ = try withAddress(of: endpoint) { address, length throws(SyscallError) in
      try check("bind", "\(endpoint.address):\(endpoint.port)") { bind(socket.number, address, length) }
    }
    return socket
  }

  /// A socket that sends to `endpoint` and hears nobody else. A stream's connection may still be under way.
  public static func connecting(_ kind: Kind, to endpoint: InternetEndpoint) throws(SyscallError) -> FileDescriptor {
    let socket = try make(kind)
    do throws(SyscallError) {
      _ = try withAddress(of: endpoint) { address, length throws(SyscallError) in
        try check("connect", "\(endpoint.address):\(endpoint.port)") { connect(socket.number, address, length) }
      }
    } catch {
      guard error.errno.rawValue == EINPROGRESS else { throw error }
    }
    return socket
  }

  private static func make(_ kind: Kind) throws(SyscallError) -> FileDescriptor {
    let type = (kind == .stream ? PROA_SOCK_STREAM : PROA_SOCK_DGRAM) | PROA_SOCK_CLOEXEC | PROA_SOCK_NONBLOCK
    return FileDescriptor(owning: try check("socket") { socket(AF_INET, type, 0) })
  }

  fileprivate static func withAddress<Value>(
    of endpoint: InternetEndpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SyscallError) -> Value
  ) throws(SyscallError) -> Value {
    var internet = endpoint.internet
    return try withUnsafePointer(to: &internet) { pointer throws(SyscallError) in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address throws(SyscallError) in
        try body(address, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}

extension FileDescriptor {
  /// Where this socket is.
  public func boundEndpoint() throws(SyscallError) -> InternetEndpoint {
    var internet = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    try check("getsockname") {
      withUnsafeMutablePointer(to: &internet) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
      }
    }
    return InternetEndpoint(internet)
  }

  /// The next datagram and who sent it; `nil` if there is none now. What is longer than `buffer` is cut off.
  public func receiveDatagram(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(SyscallError) -> (count: Int, sender: InternetEndpoint)? {
    var internet = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    do throws(SyscallError) {
      let count = try check("recvfrom") {
        withUnsafeMutablePointer(to: &internet) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            recvfrom(number, buffer.baseAddress, buffer.count, 0, $0, &length)
          }
        }
      }
      return (count, InternetEndpoint(internet))
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
