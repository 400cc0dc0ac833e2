public import LinuxKernel

/// Where the subnets come from of networks whose maker names none (`--default-address-pool`).
public struct DefaultAddressPool: Equatable, Sendable {
  /// All of it is this engine's to give.
  public let base: IPv4Prefix
  /// The prefix length of each network's piece.
  public let size: UInt8

  /// 2,048 networks of 253 containers each, but for what the host has a route to.
  public static let standard = [
    DefaultAddressPool(base: IPv4Prefix("172.24.0.0/13"), size: 24)
  ].compactMap { $0 }

  private init?(base: IPv4Prefix?, size: UInt8) {
    guard let base, base.network == base, base.length <= size, size <= 30 else { return nil }
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
      let pool = DefaultAddressPool(base: IPv4Prefix(String(base)), size: size)
    else { throw Self.malformed(text) }
    self = pool
  }

  private static func malformed(_ text: String) -> NetworkError {
    .invalid("invalid address pool \"\(text)\": expected base=172.24.0.0/13,size=24, the size from the base's to 30")
  }

  /// The first piece that is in none of `taken`.
  func firstFree(avoiding taken: [IPv4Prefix]) -> IPv4Prefix? {
    let step = UInt64(1) << (32 - UInt64(size))
    var start = UInt64(base.first.rawValue)
    while start <= UInt64(base.last.rawValue) {
      guard let piece = IPv4Prefix(IPv4Address(rawValue: UInt32(start)), length: size) else { return nil }
      guard let other = taken.first(where: piece.overlaps) else { return piece }
      // To the first piece behind it.
      start = max(start, UInt64(other.last.rawValue) / step * step) + step
    }
    return nil
  }
}
