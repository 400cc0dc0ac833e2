public import LinuxKernel

/// Where the subnets come from of networks whose maker names none (`--default-address-pool`).
public struct DefaultAddressPool<Address: InternetAddress>: Equatable, Sendable {
  /// All of it is this engine's to give.
  public let base: InternetPrefix<Address>
  /// The prefix length of each network's piece.
  public let size: UInt8

  private init?(base: InternetPrefix<Address>?, size: UInt8) {
    guard let base, base.network == base, base.length <= size, size > 0, Int(size) <= Address.RawValue.bitWidth - 2
    else {
      return nil
    }
    (self.base, self.size) = (base, size)
  }

  /// Reads `base=172.24.0.0/13,size=24`.
  /// - Throws: ``NetworkError/invalid(_:)``.
  public init(_ text: String) throws(NetworkError) {
    var values: [Substring: Substring] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, ["base", "size"].contains(sides[0]), values.updateValue(sides[1], forKey: sides[0]) == nil
      else { throw Self.malformed(text) }
    }
    guard let base = values["base"], let size = values["size"].flatMap({ UInt8($0) }),
      let pool = DefaultAddressPool(base: InternetPrefix(String(base)), size: size)
    else { throw Self.malformed(text) }
    self = pool
  }

  private static func malformed(_ text: String) -> NetworkError {
    .invalid(
      "invalid address pool \"\(text)\": expected base=172.24.0.0/13,size=24, the size from the base's to "
        + "\(Address.RawValue.bitWidth - 2)")
  }

  /// The piece that is given out after all others.
  var last: InternetPrefix<Address>? { InternetPrefix(base.last, length: size)?.network }

  /// The first piece that is in none of `taken`.
  func firstFree(avoiding taken: [InternetPrefix<Address>]) -> InternetPrefix<Address>? {
    let step = Address.RawValue(1) << Address.RawValue(Address.RawValue.bitWidth - Int(size))
    var start = base.first.rawValue
    for other in taken.sorted(by: { $0.first < $1.first }) where other.last.rawValue >= start {
      if other.first.rawValue > start | (step - 1) { break }
      // To the first piece behind it.
      let (next, isOver) = max(start, other.last.rawValue & ~(step - 1)).addingReportingOverflow(step)
      guard !isOver, next <= base.last.rawValue else { return nil }
      start = next
    }
    return InternetPrefix(Address(rawValue: start), length: size)
  }
}

extension DefaultAddressPool<IPv4Address> {
  /// 2,048 networks of 253 containers each, but for what the host has a route to.
  public static var standard: [Self] { [Self(base: IPv4Prefix("172.24.0.0/13"), size: 24)].compactMap { $0 } }
}

extension DefaultAddressPool<IPv6Address> {
  /// 65,536 networks in a piece of the unique local addresses (RFC 4193) that is this engine's.
  /// - Parameter identifier: hexadecimal digits that no other engine has.
  public static func local(_ identifier: String) -> [Self] {
    guard let globalID = UInt128(identifier.prefix(10), radix: 16) else { return [] }
    let base = IPv6Address(rawValue: 0xFD << 120 | globalID << 80)
    return [Self(base: IPv6Prefix(base, length: 48), size: 64)].compactMap { $0 }
  }
}
