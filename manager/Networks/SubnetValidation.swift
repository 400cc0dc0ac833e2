internal import JSON
internal import LinuxKernel

/// What somebody asked for of a network's addresses, of each family: nil for what the network is to choose.
struct ChosenSubnets: Equatable, Sendable {
  var ipv4: Network.Subnet?
  var ipv6: Network.IPv6Subnet?

  init(
    _ requests: [SubnetRequest], of driver: Network.Driver = .bridge, enablesIPv4: Bool, enablesIPv6: Bool
  ) throws(NetworkError) {
    let asked = requests.filter { $0 != SubnetRequest() }
    let (ipv6, ipv4) = (asked.filter(\.isIPv6), asked.filter { !$0.isIPv6 })
    let problems =
      ipv4.flatMap { $0.problems(of: IPv4Address.self) } + ipv6.flatMap { $0.problems(of: IPv6Address.self) }
    guard problems.isEmpty else {
      throw .invalid("invalid network config:\n" + problems.joined(separator: "\n"))
    }
    guard ipv4.count < 2, ipv6.count < 2 else {
      guard driver == .bridge else { throw .unsupported("a \(driver.rawValue) network with several subnets") }
      throw .forbidden("bridge driver doesn't support multiple subnets")
    }
    // Docker keeps what nobody uses and says nothing.
    for (subnet, isEnabled, family) in [(ipv4.first, enablesIPv4, "IPv4"), (ipv6.first, enablesIPv6, "IPv6")] {
      guard let subnet, !isEnabled else { continue }
      throw .invalid("invalid network config:\nsubnet \(subnet.subnet): the network is without \(family)")
    }
    self.ipv4 = try ipv4.first?.subnetWithGateway()
    self.ipv6 = try ipv6.first?.subnetWithGateway()
  }
}

extension SubnetRequest {
  var isIPv6: Bool { subnet.contains(":") }

  /// What is wrong with it, in Docker's words.
  func problems<Address: InternetAddress>(of family: Address.Type) -> [String] {
    guard let prefix = InternetPrefix<Address>(subnet) else {
      return ["invalid subnet \(subnet): invalid CIDR block notation"]
    }
    guard prefix.network == prefix else { return ["invalid subnet \(subnet): it should be \(prefix.network)"] }
    var problems = rangeProblems(prefix)
    if let problem = Self.problem(gateway, prefix) { problems.append("invalid gateway \(gateway): \(problem)") }
    for (name, address) in auxiliary.sorted(by: { $0.key < $1.key }) {
      let problem = address.isEmpty ? "invalid address" : Self.problem(address, prefix)
      if let problem { problems.append("invalid auxiliary address \(name): \(problem)") }
    }
    return problems
  }

  private func rangeProblems<Address>(_ parent: InternetPrefix<Address>) -> [String] {
    if range.isEmpty { return [] }
    guard let prefix = InternetPrefix<Address>(range) else {
      return ["invalid ip-range \(range): invalid CIDR block notation"]
    }
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

  private static func problem<Address>(_ text: String, _ parent: InternetPrefix<Address>) -> String? {
    if text.isEmpty { return nil }
    guard let address = Address(text) else { return "invalid address" }
    return parent.contains(address) ? nil : "parent subnet \(parent) doesn't contain this address"
  }

  func subnetWithGateway<Address>() throws(NetworkError) -> NetworkSubnet<Address> {
    guard let prefix = InternetPrefix<Address>(subnet), prefix.length <= NetworkSubnet<Address>.longest else {
      throw .invalid("failed to allocate gateway (\(gateway)): No available addresses on this pool")
    }
    var checked = NetworkSubnet<Address>(gateway: prefix)
    checked.isChosen = true
    checked.range = InternetPrefix(range)
    checked.auxiliary = auxiliary.compactMapValues { Address($0) }
    checked.hasChosenGateway = !gateway.isEmpty
    if let given = Address(gateway) {
      checked.gateway = given
    } else {
      checked.gateway = try checked.firstFreeAddress()
    }
    guard !checked.unusable.contains(checked.gateway) else {
      throw .forbidden("failed to allocate gateway (\(gateway)): Address already in use")
    }
    let used = [checked.gateway] + checked.unusable
    for (name, address) in checked.auxiliary.sorted(by: { $0.key < $1.key }) where used.contains(address) {
      throw .forbidden("failed to allocate secondary ip address (\(name):\(address)): Address already in use")
    }
    return checked
  }
}

extension NetworkSubnet {
  fileprivate func firstFreeAddress() throws(NetworkError) -> Address {
    var address = prefix.first
    repeat { address.rawValue += 1 } while auxiliary.values.contains(address)
    guard address < prefix.last else {
      throw .noFreeAddress(of: prefix.description, isIPv6: Address.family == IPv6Address.family)
    }
    return address
  }
}
