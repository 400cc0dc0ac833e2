/// An IPv4 address.
public struct IPv4Address: Hashable, Sendable {
  /// The address as a number, 127.0.0.1 as `0x7F00_0001`.
  public var rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let any = IPv4Address(rawValue: 0)

  /// 127.0.0.0/8.
  public var isLoopback: Bool { rawValue >> 24 == 127 }

  /// The four bytes in the order of the wire.
  public var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> (24 - 8 * $0)) } }

  /// Nil unless there are four bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 4 else { return nil }
    rawValue = bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }
}

extension IPv4Address: LosslessStringConvertible, Comparable {
  /// Four decimal numbers from 0 to 255 without leading zeros, which some programs read as octal.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard let byte = UInt8(part), String(byte) == part else { return nil }
      value = value << 8 | UInt32(byte)
    }
    rawValue = value
  }

  public var description: String { bytes.map(String.init).joined(separator: ".") }

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// An address and the size of the network it is on, written `172.30.0.1/16`.
public struct IPv4Prefix: Hashable, Sendable {
  public var address: IPv4Address
  /// From 0 to 32.
  public let length: UInt8

  /// Nil if `length` is more than 32.
  public init?(_ address: IPv4Address, length: UInt8) {
    guard length <= 32 else { return nil }
    self.address = address
    self.length = length
  }

  public var mask: UInt32 { length == 0 ? 0 : .max << (32 - UInt32(length)) }
  /// The lowest address, which names the network.
  public var first: IPv4Address { IPv4Address(rawValue: address.rawValue & mask) }
  /// The highest address, the broadcast address of most networks.
  public var last: IPv4Address { IPv4Address(rawValue: address.rawValue | ~mask) }
  /// The network alone, with ``first`` as its address.
  public var network: IPv4Prefix { IPv4Prefix(unchecked: first, length: length) }

  public func contains(_ other: IPv4Address) -> Bool { other.rawValue & mask == first.rawValue }

  /// Whether some address is in both networks.
  public func overlaps(_ other: IPv4Prefix) -> Bool { contains(other.first) || other.contains(first) }

  /// 0.0.0.0/0.
  public static let everything = IPv4Prefix(unchecked: .any, length: 0)

  private init(unchecked address: IPv4Address, length: UInt8) {
    self.address = address
    self.length = length
  }
}

extension IPv4Prefix: LosslessStringConvertible {
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPv4Address(String(parts[0])), let length = UInt8(parts[1]),
      String(length) == parts[1]
    else { return nil }
    self.init(address, length: length)
  }

  public var description: String { "\(address)/\(length)" }
}
