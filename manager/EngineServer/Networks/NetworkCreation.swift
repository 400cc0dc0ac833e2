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
    request.isInternal = body.isInternal
    request.isAttachable = body.isAttachable
    request.labels = body.labels ?? [:]
    request.options = body.options ?? [:]
    request.addressOptions = body.ipam?.options
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
    try refuse(body.isConfigurationOnly || body.configurationFrom?.network.isEmpty == false, "config-only networks")
    try refuse(body.enablesIPv6 == true, "IPv6 on networks")
    try refuse(body.enablesIPv4 == false, "networks without IPv4")
    if let driver = body.ipam?.driver, !["", "default"].contains(driver) {
      throw .notFound("plugin \(driver.debugDescription) not found")
    }
    let unknown = body.unknown.members + (body.ipam?.configurations ?? []).flatMap(\.unknown.members)
    if let member = unknown.first { throw .notImplemented("\(member.name) of networks is not supported yet") }
  }

  private static func refuse(_ isMeant: Bool, _ what: String) throws(APIError) {
    if isMeant { throw .notImplemented("\(what): not supported yet") }
  }
}
