internal import JSON
internal import LinuxKernel

/// The addresses of one subnet: which are leased, which is next.
///
/// They are given out in order and from the start again at the end, so that an address rests as long as it can before another
/// container gets it.
struct AddressPool<Address: InternetAddress & JSONConvertible>: Sendable {
  let subnet: InternetPrefix<Address>
  /// Those that are given out unless somebody names another one of the subnet.
  private let range: InternetPrefix<Address>
  /// Those that nobody can have, the gateway's and those that the network's maker keeps are never given out.
  private let reserved: Set<Address>
  private var leased: Set<Address> = []
  private var last: Address

  init(_ subnet: NetworkSubnet<Address>) {
    self.subnet = subnet.prefix
    range = subnet.range ?? subnet.prefix
    reserved = Set(subnet.unusable + [subnet.gateway] + subnet.auxiliary.values)
    // So that the first is the range's first.
    last = range.last
    if range.first == subnet.prefix.first { last = range.first }
  }

  /// - Parameter gateway: the bridge's address, with the subnet's length.
  init(gateway: InternetPrefix<Address>) { self.init(NetworkSubnet(gateway: gateway)) }

  mutating func allocate() throws(NetworkError) -> Address {
    // Of ::/0 too: one less than there are is what fits into the type.
    let largest = range.last.rawValue - range.first.rawValue
    let unavailable = leased.filter(range.contains).count + reserved.filter(range.contains).count
    guard unavailable <= largest else { throw .noFreeAddress(of: subnet.description, isIPv6: Self.isIPv6) }
    var offset = last.rawValue - range.first.rawValue
    while true {
      offset = offset == largest ? 0 : offset + 1
      let candidate = Address(rawValue: range.first.rawValue + offset)
      if reserved.contains(candidate) || leased.contains(candidate) { continue }
      leased.insert(candidate)
      last = candidate
      return candidate
    }
  }

  /// Gives the address that somebody asked for.
  /// - Throws: ``NetworkError/addressOutside(_:)``, ``NetworkError/addressInUse``.
  mutating func allocate(_ address: Address) throws(NetworkError) -> Address {
    guard subnet.contains(address) else { throw .addressOutside(address.description) }
    guard !reserved.contains(address), leased.insert(address).inserted else { throw .addressInUse }
    return address
  }

  /// The one that somebody asked for, or the next free one.
  mutating func allocate(wanted: Address?) throws(NetworkError) -> Address {
    if let wanted { return try allocate(wanted) }
    return try allocate()
  }

  /// Takes this very address, as after a restart.
  /// - Returns: false if it cannot be had.
  mutating func take(_ address: Address) -> Bool {
    guard subnet.contains(address), !reserved.contains(address), leased.insert(address).inserted else { return false }
    if range.contains(address) { last = max(last, address) }
    return true
  }

  mutating func free(_ address: Address) { leased.remove(address) }

  private static var isIPv6: Bool { Address.family == IPv6Address.family }
}
