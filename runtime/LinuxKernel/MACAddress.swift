/// An Ethernet address.
public struct MACAddress: Hashable, Sendable {
  /// Six bytes.
  public let bytes: [UInt8]

  /// Nil unless there are six bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 6 else { return nil }
    self.bytes = Array(bytes)
  }

  /// The address that Docker gives an interface: `02:42` (locally administered, unicast), then the IPv4 address, so that
  /// neighbours' caches stay right when an address is given to another container.
  public init(for address: IPv4Address) { bytes = [0x02, 0x42] + address.bytes }

  /// Where there is no IPv4 address: with the end of the other.
  public init(for address: IPv6Address) { bytes = [0x02, 0x42] + address.bytes.suffix(4) }
}

extension MACAddress: LosslessStringConvertible {
  /// Six two-digit hexadecimal numbers with colons between.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ $0.count == 2 && $0.allSatisfy { $0.isHexDigit } }) else { return nil }
    self.init(bytes: parts.compactMap { UInt8($0, radix: 16) })
  }

  public var description: String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
  }
}
