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
    ipam.configurations = [network.subnet.map { IPAM.Pool($0) }, network.ipv6Subnet.map { IPAM.Pool($0) }].compactMap {
      $0
    }
    isConfigurationOnly = network.configuration != nil
    configurationFrom.network = network.configurationFrom
    if let configuration = network.configuration {
      ipam.configurations = configuration.subnets.map { IPAM.Pool($0) }
      (enablesIPv4, enablesIPv6) = (configuration.enablesIPv4, configuration.enablesIPv6)
      return
    }
    (enablesIPv4, enablesIPv6) = (network.ipv6Subnet == nil || network.subnet != nil, network.ipv6Subnet != nil)
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
        if !endpoint.ipv6Address.isEmpty {
          container.ipv6Address = "\(endpoint.ipv6Address)/\(endpoint.ipv6PrefixLength)"
        }
      }
      containers[record.id.text] = container
    }
  }
}

extension IPAM.Pool {
  /// As Docker has it, without the gateway where somebody chose the subnet and not that.
  init<Address>(_ subnet: NetworkSubnet<Address>) {
    self.init()
    self.subnet = subnet.prefix.description
    range = subnet.range?.description ?? ""
    if !subnet.isChosen || subnet.hasChosenGateway { gateway = subnet.gateway.description }
    auxiliaryAddresses = subnet.auxiliary.mapValues(\.description)
  }
}

extension IPAM.Pool {
  /// As it was asked for.
  init(_ request: SubnetRequest) {
    self.init()
    (subnet, range, gateway) = (request.subnet, request.range, request.gateway)
    auxiliaryAddresses = request.auxiliary
  }
}

extension NetworkError: APIErrorConvertible {
  package var apiError: APIError {
    switch self {
    case .invalid, .ambiguous, .addressOutside, .noFreeSubnet: .invalidParameter(description)
    case .forbidden, .hasEndpoints, .addressInUse, .poolOverlaps, .attached: .forbidden(description)
    case .unsupported: .notImplemented(description)
    case .notFound, .pluginNotFound, .configurationNotFound: .notFound(description)
    // What was there a moment ago, and is not now.
    case .exists, .noProcess: .conflict(description)
    case .portAllocated, .cannotPublish, .noFreeAddress, .overlaps, .notABridge, .bridgeInUse, .bridgeOfAnother,
      .kernel:
      .internalError(description)
    }
  }
}
