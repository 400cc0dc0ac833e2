internal import LinuxKernel

/// The addresses of one subnet: which are leased, which is next.
///
/// They are given out in order and from the start again at the end, so that an address rests as long as it can before another
/// container gets it.
struct AddressPool: Sendable {
  let subnet: IPv4Prefix
  /// The network's and the broadcast address and the gateway's are never given out.
  private let reserved: Set<IPv4Address>
  private var leased: Set<IPv4Address> = []
  private var last: IPv4Address

  /// - Parameter gateway: the bridge's address, with the subnet's length.
  init(gateway: IPv4Prefix) {
    subnet = gateway.network
    reserved = [gateway.first, gateway.last, gateway.address]
    last = gateway.first
  }

  mutating func allocate() throws(NetworkError) -> IPv4Address {
    let size = subnet.last.rawValue - subnet.first.rawValue + 1
    guard leased.count + reserved.count < Int(size) else { throw .noFreeAddress(subnet) }
    var offset = last.rawValue - subnet.first.rawValue
    while true {
      offset = (offset + 1) % size
      let candidate = IPv4Address(rawValue: subnet.first.rawValue + offset)
      if reserved.contains(candidate) || leased.contains(candidate) { continue }
      leased.insert(candidate)
      last = candidate
      return candidate
    }
  }

  /// Takes this very address, as after a restart.
  /// - Returns: false if it cannot be had.
  mutating func take(_ address: IPv4Address) -> Bool {
    guard subnet.contains(address), !reserved.contains(address), leased.insert(address).inserted else { return false }
    last = max(last, address)
    return true
  }

  mutating func free(_ address: IPv4Address) { leased.remove(address) }
}
