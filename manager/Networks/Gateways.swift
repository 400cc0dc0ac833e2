/// Which of a container's endpoints is its gateway, as Docker chooses it, for each family: the highest priority, then the first by
/// the network's name. What is internal leads nowhere, and what has no bridge publishes nothing: ports wait where they are until a
/// bridge is the gateway again.
enum Gateways {
  /// - Parameter network: by the key of an endpoint's network.
  /// - Returns: the same endpoints with the gateways marked, and the ports of all of them on these as far as they have bridges.
  static func assign(_ endpoints: [Endpoint], _ network: (String) -> Network?) -> [Endpoint] {
    let candidates = endpoints.filter { network($0.network)?.leadsOut == true }
    func best(_ candidates: [Endpoint]) -> Endpoint? {
      candidates.min { left, right in
        (-left.gatewayPriority, network(left.network)?.name ?? "") < (
          -right.gatewayPriority, network(right.network)?.name ?? ""
        )
      }
    }
    let (ipv4, ipv6) = (
      best(candidates.filter { $0.address != nil }), best(candidates.filter { $0.ipv6Address != nil })
    )
    let ports = Set(endpoints.flatMap(\.ports)).sorted()
    return endpoints.map { old in
      var endpoint = old
      (endpoint.isGateway, endpoint.isIPv6Gateway) = (old.id == ipv4?.id, old.id == ipv6?.id)
      endpoint.ports = ports.filter { port in
        guard let gateway = port.hostAddress.isIPv6 ? ipv6 : ipv4 else { return false }
        return network(gateway.network)?.hasBridge == true ? old.id == gateway.id : old.ports.contains(port)
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
