internal import EngineAPI
internal import Networks

/// The body of a create request in the domain's words. What the domain cannot express is refused, never dropped.
enum NetworkCreation {
  static func request(_ body: NetworkCreateRequest) throws(APIError) -> NetworkRequest {
    try check(body)
    var request = NetworkRequest()
    request.name = body.name
    request.driver = body.driver
    request.subnets = (body.ipam?.configurations ?? []).map(subnet)
    (request.enablesIPv4, request.enablesIPv6) = (body.enablesIPv4 ?? true, body.enablesIPv6 ?? false)
    request.isInternal = body.isInternal
    request.isAttachable = body.isAttachable
    request.labels = body.labels ?? [:]
    request.options = body.options ?? [:]
    request.addressOptions = body.ipam?.options
    request.isConfigurationOnly = body.isConfigurationOnly
    request.configurationFrom = body.configurationFrom?.network ?? ""
    return request
  }

  private static func subnet(_ pool: IPAM.Pool) -> SubnetRequest {
    var request = SubnetRequest()
    (request.subnet, request.range, request.gateway) = (pool.subnet, pool.range, pool.gateway)
    request.auxiliary = pool.auxiliaryAddresses
    return request
  }

  private static func check(_ body: NetworkCreateRequest) throws(APIError) {
    switch body.scope {
    case "", "local": break
    case "swarm": throw .forbidden("cannot create a swarm scoped network when swarm is not active")
    default: throw .invalidParameter("invalid scope \(body.scope.debugDescription): only local networks are supported")
    }
    if body.isIngress { throw .forbidden("Ingress network can only be global scope network") }
    if let driver = body.ipam?.driver, !["", "default"].contains(driver) {
      throw .notFound("plugin \(driver.debugDescription) not found")
    }
  }
}
