internal import Glibc

/// An address with a port as the kernel has it (`struct sockaddr_in`, `struct sockaddr_in6`).
struct SocketAddress {
  var storage = sockaddr_storage()

  /// Room for any.
  init() {}

  init(_ endpoint: InternetEndpoint) {
    switch endpoint.address {
    case .v4(let address):
      var internet = sockaddr_in()
      internet.sin_family = sa_family_t(AF_INET)
      internet.sin_port = endpoint.port.bigEndian
      internet.sin_addr.s_addr = address.rawValue.bigEndian
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: internet, as: sockaddr_in.self) }
    case .v6(let address):
      var internet = sockaddr_in6()
      internet.sin6_family = sa_family_t(AF_INET6)
      internet.sin6_port = endpoint.port.bigEndian
      withUnsafeMutableBytes(of: &internet.sin6_addr) { $0.copyBytes(from: address.bytes) }
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: internet, as: sockaddr_in6.self) }
    }
  }

  var length: socklen_t {
    let size = isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
    return socklen_t(size)
  }

  private var isIPv6: Bool { storage.ss_family == sa_family_t(AF_INET6) }

  /// Has a system call write the address here.
  mutating func fill<Value>(_ body: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Value) -> Value {
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
    }
  }

  /// - Throws: `EAFNOSUPPORT` for an address of another family.
  func endpoint() throws(SyscallError) -> InternetEndpoint {
    guard isIPv6 || storage.ss_family == sa_family_t(AF_INET) else {
      throw SyscallError("getsockname", errno: .familyNotSupported)
    }
    return withUnsafeBytes(of: storage) { bytes in
      guard isIPv6 else {
        let internet = bytes.load(as: sockaddr_in.self)
        let address = IPv4Address(rawValue: UInt32(bigEndian: internet.sin_addr.s_addr))
        return InternetEndpoint(.v4(address), UInt16(bigEndian: internet.sin_port))
      }
      let internet = bytes.load(as: sockaddr_in6.self)
      let address = IPv6Address(bytes: withUnsafeBytes(of: internet.sin6_addr) { Array($0) }) ?? .any
      return InternetEndpoint(.v6(address), UInt16(bigEndian: internet.sin6_port))
    }
  }
}
