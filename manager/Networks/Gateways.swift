/// Which of a container's endpoints is its gateway, as Docker chooses it: the highest priority, then the first by the network's
/// name. What is internal leads nowhere.
enum Gateways {
  /// - Parameter network: by the key of an endpoint's network.
  /// - Returns: the same endpoints with the gateway marked, and the ports of all of them on it.
  static func assign(_ endpoints: [Endpoint], _ network: (String) -> Network?) -> [Endpoint] {
    let candidates = endpoints.filter { network($0.network)?.isInternal == false }
    let best = candidates.min { left, right in
      (-left.gatewayPriority, network(left.network)?.name ?? "") < (
        -right.gatewayPriority, network(right.network)?.name ?? ""
      )
    }
    let ports = Set(endpoints.flatMap(\.ports)).sorted()
    return endpoints.map { endpoint in
      var endpoint = endpoint
      endpoint.isGateway = endpoint.id == best?.id
      endpoint.ports = endpoint.isGateway ? ports : []
      return endpoint
    }
  }
}
