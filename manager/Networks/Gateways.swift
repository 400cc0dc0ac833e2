/// Which of a container's endpoints is its gateway, as Docker chooses it, for each family: the highest priority, then the first by
/// the network's name. What is internal leads nowhere, and what has no bridge publishes nothing.
enum Gateways {
  /// - Parameter network: by the key of an endpoint's network.
  /// - Returns: the same endpoints with the gateways marked, and the ports of all of them on these.
  static func assign(_ endpoints: [Endpoint], _ network: (String) -> Network?) -> [Endpoint] {
    let candidates = endpoints.filter { network($0.network)?.isInternal == false }
    func best(_ candidates: [Endpoint]) -> String? {
      candidates.min { left, right in
        (-left.gatewayPriority, network(left.network)?.name ?? "") < (
          -right.gatewayPriority, network(right.network)?.name ?? ""
        )
      }?.id
    }
    let (ipv4, ipv6) = (
      best(candidates.filter { $0.address != nil }), best(candidates.filter { $0.ipv6Address != nil })
    )
    let ports = Set(endpoints.flatMap(\.ports)).sorted()
    return endpoints.map { endpoint in
      let publishes = network(endpoint.network)?.hasBridge == true
      var endpoint = endpoint
      (endpoint.isGateway, endpoint.isIPv6Gateway) = (endpoint.id == ipv4, endpoint.id == ipv6)
      endpoint.ports = ports.filter {
        publishes && ($0.hostAddress.isIPv6 ? endpoint.isIPv6Gateway : endpoint.isGateway)
      }
      return endpoint
    }
  }
}

extension [Endpoint] {
  /// What leads out of a container's networks.
  var gatewayFamilies: AddressFamilies {
    var families: AddressFamilies = []
    if contains(where: \.isGateway) { families.insert(.ipv4) }
    if contains(where: \.isIPv6Gateway) { families.insert(.ipv6) }
    return families
  }
}
