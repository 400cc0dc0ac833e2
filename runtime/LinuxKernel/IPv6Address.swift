internal import Glibc

/// An IPv6 address, without a zone.
public struct IPv6Address: InternetAddress {
  public var rawValue: UInt128

  public init(rawValue: UInt128) { self.rawValue = rawValue }

  public static var family: UInt8 { 10 }

  public static var loopback: IPv6Address { IPv6Address(rawValue: 1) }
  public var isLoopback: Bool { rawValue == 1 }

  /// fe80::/10: the same on every link.
  public var isLinkLocal: Bool { rawValue >> 118 == 0x3FA }
}

extension IPv6Address {
  /// As in RFC 4291 §2.2.
  public init?(_ text: String) {
    var bytes = in6_addr()
    guard text.utf8.count <= 45, !text.utf8.contains(0), inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
    self.init(bytes: withUnsafeBytes(of: bytes) { Array($0) })
  }

  /// As in RFC 5952: lower case, the longest run of zeros left out.
  public var description: String {
    var text = [CChar](repeating: 0, count: 46)
    _ = bytes.withUnsafeBytes { inet_ntop(AF_INET6, $0.baseAddress, &text, socklen_t(text.count)) }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
