internal import LinuxKernel

/// The addresses of one subnet: which are leased, which is next.
///
/// They are given out in order and from the start again at the end, so that an address rests as long as it can before another
/// container gets it.
struct AddressPool: Sendable {
  let subnet: IPv4Prefix
  /// Those that are given out unless somebody names another one of the subnet.
  private let range: IPv4Prefix
  /// The network's and the broadcast address, the gateway's and those that the network's maker keeps are never given out.
  private let reserved: Set<IPv4Address>
  private var leased: Set<IPv4Address> = []
  private var last: IPv4Address

  init(_ subnet: Network.Subnet) {
    self.subnet = subnet.prefix
    range = subnet.range ?? subnet.prefix
    reserved = Set([subnet.prefix.first, subnet.prefix.last, subnet.gateway] + subnet.auxiliary.values)
    // So that the first is the range's first.
    last = range.last
    if range.first == subnet.prefix.first { last = range.first }
  }

  /// - Parameter gateway: the bridge's address, with the subnet's length.
  init(gateway: IPv4Prefix) { self.init(Network.Subnet(gateway: gateway)) }

  mutating func allocate() throws(NetworkError) -> IPv4Address {
    let size = UInt64(range.last.rawValue - range.first.rawValue) + 1
    let unavailable = leased.filter(range.contains).count + reserved.filter(range.contains).count
    guard unavailable < size else { throw .noFreeAddress(subnet) }
    var offset = UInt64(last.rawValue - range.first.rawValue)
    while true {
      offset = (offset + 1) % size
      let candidate = IPv4Address(rawValue: range.first.rawValue + UInt32(offset))
      if reserved.contains(candidate) || leased.contains(candidate) { continue }
      leased.insert(candidate)
      last = candidate
      return candidate
    }
  }

  /// Gives the address that somebody asked for.
  /// - Throws: ``NetworkError/addressOutside(_:)``, ``NetworkError/addressInUse``.
  mutating func allocate(_ address: IPv4Address) throws(NetworkError) -> IPv4Address {
    guard subnet.contains(address) else { throw .addressOutside(address) }
    guard !reserved.contains(address), leased.insert(address).inserted else { throw .addressInUse }
    return address
  }

  /// Takes this very address, as after a restart.
  /// - Returns: false if it cannot be had.
  mutating func take(_ address: IPv4Address) -> Bool {
    guard subnet.contains(address), !reserved.contains(address), leased.insert(address).inserted else { return false }
    if range.contains(address) { last = max(last, address) }
    return true
  }

  mutating func free(_ address: IPv4Address) { leased.remove(address) }
}
