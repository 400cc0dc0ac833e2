/// What IPv4 and IPv6 addresses have in common.
public protocol InternetAddress: Hashable, Sendable, Comparable, LosslessStringConvertible {
  associatedtype RawValue: FixedWidthInteger & UnsignedInteger & Sendable

  /// The address as a number, 127.0.0.1 as `0x7F00_0001`.
  var rawValue: RawValue { get set }
  init(rawValue: RawValue)

  /// What the kernel calls the family (`AF_INET`, `AF_INET6`).
  static var family: UInt8 { get }
  /// The one that stands for this host: 127.0.0.0/8, ::1.
  var isLoopback: Bool { get }
}

extension InternetAddress {
  /// All bits zero: every address of the host.
  public static var any: Self { Self(rawValue: 0) }

  /// In the order of the wire.
  public var bytes: [UInt8] {
    (1...RawValue.bitWidth / 8).map { UInt8(truncatingIfNeeded: rawValue >> RawValue(RawValue.bitWidth - 8 * $0)) }
  }

  /// Nil unless there are as many bytes as the address has.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == RawValue.bitWidth / 8 else { return nil }
    self.init(rawValue: bytes.reduce(0) { $0 << 8 | RawValue($1) })
  }

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// An address and the size of the network it is on, written `172.30.0.1/16`.
public struct InternetPrefix<Address: InternetAddress>: Hashable, Sendable {
  public var address: Address
  /// From 0 to the address's bits.
  public let length: UInt8

  /// Nil if `length` is more than an address has bits.
  public init?(_ address: Address, length: UInt8) {
    guard length <= Address.RawValue.bitWidth else { return nil }
    self.init(unchecked: address, length: length)
  }

  public var mask: Address.RawValue {
    length == 0 ? 0 : .max << Address.RawValue(Address.RawValue.bitWidth - Int(length))
  }
  /// The lowest address, which names the network.
  public var first: Address { Address(rawValue: address.rawValue & mask) }
  /// The highest address, the broadcast address of most IPv4 networks.
  public var last: Address { Address(rawValue: address.rawValue | ~mask) }
  /// The network alone, with ``first`` as its address.
  public var network: Self { Self(unchecked: first, length: length) }

  public func contains(_ other: Address) -> Bool { other.rawValue & mask == first.rawValue }

  /// Whether some address is in both networks.
  public func overlaps(_ other: Self) -> Bool { contains(other.first) || other.contains(first) }

  /// 0.0.0.0/0, ::/0.
  public static var everything: Self { Self(unchecked: .any, length: 0) }

  private init(unchecked address: Address, length: UInt8) {
    self.address = address
    self.length = length
  }
}

extension InternetPrefix: LosslessStringConvertible {
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = Address(String(parts[0])), let length = UInt8(parts[1]),
      String(length) == parts[1]
    else { return nil }
    self.init(address, length: length)
  }

  public var description: String { "\(address.description)/\(length)" }
}

public typealias IPv4Prefix = InternetPrefix<IPv4Address>
public typealias IPv6Prefix = InternetPrefix<IPv6Address>
