internal import Containers
internal import EngineAPI
internal import Networks

extension NetworkInspect {
  init(_ network: Network) {
    self.init()
    name = network.name
    id = network.id
    created = Timestamp(nanoseconds: network.createdAt).description
    driver = network.driver.rawValue
    (isInternal, isAttachable) = (network.isInternal, network.isAttachable)
    (options, labels) = (network.options, network.labels)
    ipam.options = network.addressOptions
    ipam.configurations = network.subnet.map { [IPAM.Pool($0)] } ?? []
  }

  /// Those of the containers that are on it.
  mutating func add(_ records: [ContainerRecord], on network: Network) {
    for record in records {
      guard let place = record.places.first(where: { $0.networkID == network.id }) else { continue }
      var container = NetworkContainer()
      container.name = record.name.text
      if let endpoint = place.endpoint {
        container.endpointID = endpoint.endpointID
        container.macAddress = endpoint.macAddress
        if !endpoint.address.isEmpty { container.ipv4Address = "\(endpoint.address)/\(endpoint.prefixLength)" }
      }
      containers[record.id.text] = container
    }
  }
}

extension IPAM.Pool {
  /// As Docker has it, without the gateway where somebody chose the subnet and not that.
  init(_ subnet: Network.Subnet) {
    self.init()
    self.subnet = subnet.prefix.description
    range = subnet.range?.description ?? ""
    if !subnet.isChosen || subnet.hasChosenGateway { gateway = subnet.gateway.description }
    auxiliaryAddresses = subnet.auxiliary.mapValues(\.description)
  }
}

extension NetworkError: APIErrorConvertible {
  package var apiError: APIError {
    switch self {
    case .invalid, .ambiguous, .addressOutside, .noFreeSubnet: .invalidParameter(description)
    case .forbidden, .hasEndpoints, .addressInUse, .poolOverlaps, .attached: .forbidden(description)
    case .unsupported: .notImplemented(description)
    case .notFound, .pluginNotFound: .notFound(description)
    // What was there a moment ago, and is not now.
    case .exists, .noProcess: .conflict(description)
    case .portAllocated, .cannotPublish, .noFreeAddress, .overlaps, .notABridge, .bridgeInUse, .kernel:
      .internalError(description)
    }
  }
}
