internal import EngineAPI
internal import LinuxKernel

/// What belongs together of `--subnet`, `--ip-range`, `--gateway` and `--aux-address`: each is in one of the subnets.
struct SubnetArguments {
  private let subnets: [String]
  private let ranges: [String]
  private let gateways: [String]
  private let auxiliary: [String: String]

  /// Several values may be in one argument, with commas between.
  init(subnets: [String], ranges: [String], gateways: [String], auxiliary: [String: String]) {
    func split(_ values: [String]) -> [String] {
      values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }
    (self.subnets, self.ranges, self.gateways) = (split(subnets), split(ranges), split(gateways))
    self.auxiliary = auxiliary
  }

  /// - Throws: ``ClientError/usage(_:)`` in Docker's words.
  func pools() throws(ClientError) -> [IPAM.Pool] {
    guard max(ranges.count, gateways.count) <= subnets.count else {
      throw .usage("every ip-range or gateway must have a corresponding subnet")
    }
    var pools = subnets.map { subnet in
      var pool = IPAM.Pool()
      pool.subnet = subnet
      return pool
    }
    for range in ranges {
      let address = range.split(separator: "/").first.map(String.init) ?? range
      guard let index = index(of: address) else { throw .usage("no matching subnet for range \(range)") }
      guard pools[index].range.isEmpty else {
        throw .usage(
          "cannot configure multiple ranges (\(range), \(pools[index].range)) on the same subnet (\(pools[index].subnet))"
        )
      }
      pools[index].range = range
    }
    for gateway in gateways {
      guard let index = index(of: gateway) else { throw .usage("no matching subnet for gateway \(gateway)") }
      guard pools[index].gateway.isEmpty else {
        throw .usage(
          "cannot configure multiple gateways (\(gateway), \(pools[index].gateway)) for the same subnet (\(pools[index].subnet))"
        )
      }
      pools[index].gateway = gateway
    }
    for (name, address) in auxiliary {
      guard let index = index(of: address) else { throw .usage("no matching subnet for aux-address \(address)") }
      pools[index].auxiliaryAddresses[name] = address
    }
    return pools
  }

  private func index(of address: String) -> Int? {
    subnets.firstIndex { subnet in
      switch IPAddress(address) {
      case .v4(let address): IPv4Prefix(subnet)?.contains(address) == true
      case .v6(let address): IPv6Prefix(subnet)?.contains(address) == true
      case nil: false
      }
    }
  }
}
