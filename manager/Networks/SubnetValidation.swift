internal import LinuxKernel

extension SubnetRequest {
  /// - Returns: nil if nobody asked for anything.
  static func checked(_ requests: [SubnetRequest]) throws(NetworkError) -> Network.Subnet? {
    let asked = requests.filter { $0 != SubnetRequest() }
    if asked.contains(where: { $0.subnet.contains(":") }) { throw .unsupported("IPv6 on networks") }
    let problems = asked.flatMap(\.problems)
    guard problems.isEmpty else {
      throw .invalid("invalid network config:\n" + problems.joined(separator: "\n"))
    }
    guard asked.count < 2 else { throw .forbidden("bridge driver doesn't support multiple subnets") }
    return try asked.first?.subnetWithGateway()
  }

  /// What is wrong with it, in Docker's words.
  private var problems: [String] {
    guard let prefix = IPv4Prefix(subnet) else { return ["invalid subnet \(subnet): invalid CIDR block notation"] }
    guard prefix.network == prefix else { return ["invalid subnet \(subnet): it should be \(prefix.network)"] }
    var problems = rangeProblems(prefix)
    if let problem = Self.problem(gateway, prefix) { problems.append("invalid gateway \(gateway): \(problem)") }
    for (name, address) in auxiliary.sorted(by: { $0.key < $1.key }) {
      let problem = address.isEmpty ? "invalid address" : Self.problem(address, prefix)
      if let problem { problems.append("invalid auxiliary address \(name): \(problem)") }
    }
    return problems
  }

  private func rangeProblems(_ parent: IPv4Prefix) -> [String] {
    if range.isEmpty { return [] }
    guard let prefix = IPv4Prefix(range) else { return ["invalid ip-range \(range): invalid CIDR block notation"] }
    var problems: [String] = []
    if prefix.length < parent.length {
      problems.append("invalid ip-range \(range): CIDR block is bigger than its parent subnet \(parent)")
    }
    if prefix.network != prefix { problems.append("invalid ip-range \(range): it should be \(prefix.network)") }
    if !parent.overlaps(prefix) {
      problems.append("invalid ip-range \(range): parent subnet \(parent) doesn't contain ip-range")
    }
    return problems
  }

  private static func problem(_ text: String, _ parent: IPv4Prefix) -> String? {
    if text.isEmpty { return nil }
    guard let address = IPv4Address(text) else { return "invalid address" }
    return parent.contains(address) ? nil : "parent subnet \(parent) doesn't contain this address"
  }

  private func subnetWithGateway() throws(NetworkError) -> Network.Subnet {
    guard let prefix = IPv4Prefix(subnet), prefix.length <= 30 else {
      throw .invalid("failed to allocate gateway (\(gateway)): No available addresses on this pool")
    }
    var checked = Network.Subnet(gateway: prefix)
    checked.isChosen = true
    checked.range = IPv4Prefix(range)
    checked.auxiliary = auxiliary.compactMapValues { IPv4Address($0) }
    checked.hasChosenGateway = !gateway.isEmpty
    if let given = IPv4Address(gateway) {
      checked.gateway = given
    } else {
      checked.gateway = try checked.firstFreeAddress()
    }
    guard ![prefix.first, prefix.last].contains(checked.gateway) else {
      throw .forbidden("failed to allocate gateway (\(gateway)): Address already in use")
    }
    let used = [checked.gateway, prefix.first, prefix.last]
    for (name, address) in checked.auxiliary.sorted(by: { $0.key < $1.key }) where used.contains(address) {
      throw .forbidden("failed to allocate secondary ip address (\(name):\(address)): Address already in use")
    }
    return checked
  }
}

extension Network.Subnet {
  fileprivate func firstFreeAddress() throws(NetworkError) -> IPv4Address {
    var address = prefix.first
    repeat { address.rawValue += 1 } while auxiliary.values.contains(address)
    guard address < prefix.last else { throw .noFreeAddress(prefix) }
    return address
  }
}
