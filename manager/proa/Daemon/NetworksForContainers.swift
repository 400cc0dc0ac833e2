internal import Containers
internal import LinuxKernel
internal import Networks

/// Gives containers their places on networks.
struct NetworksForContainers: NetworkProvider {
  let networks: NetworkService
  let hostAddress: String

  func network(_ name: String) async throws -> NetworkIdentity {
    try await Self.translating {
      let network = try await networks.network(name)
      return NetworkIdentity(name: network.name, id: network.id)
    }
  }

  func attach(
    _ id: ContainerID, pid: Int32, to network: String, _ request: EndpointRequest, names: [String],
    ports: [Containers.PortBinding]
  ) async throws {
    var attachment = AttachmentRequest(containerID: id.text, pid: pid)
    attachment.network = network
    attachment.macAddress = try Self.address(request.macAddress)
    attachment.address = IPv4Address(request.ipv4Address)
    attachment.gatewayPriority = request.gatewayPriority
    attachment.options = request.driverOptions
    attachment.names = names
    attachment.ports = try ports.map(Self.wish)
    attachment.ipv6Address = IPv6Address(request.ipv6Address)
    let wish = attachment
    try await Self.translating {
      let network = try await networks.network(network)
      let isOutside = (
        wish.address != nil && network.subnet?.isChosen != true,
        wish.ipv6Address != nil && network.ipv6Subnet?.isChosen != true
      )
      if isOutside.0 || isOutside.1 {
        throw ContainerError.invalid(
          "user specified IP address is supported only when connecting to networks with user configured subnets")
      }
      _ = try await networks.attach(wish)
    }
  }

  func rename(_ id: ContainerID, _ names: [String: [String]]) async throws {
    try await networks.rename(id.text, names)
  }

  func names(for id: ContainerID) async -> (tables: [String], mayAskOthers: Bool) { await networks.names(for: id.text) }

  func redirectNames(pid: Int32, udp: UInt16, tcp: UInt16) async throws {
    try await networks.redirectNames(pid: pid, udp: udp, tcp: tcp)
  }

  func endpoints(of id: ContainerID) async -> [ContainerEndpoint] {
    let known = await networks.all
    return await networks.endpoints(of: id.text).compactMap { endpoint in
      known.first { $0.key == endpoint.network }.map { Self.translated(endpoint, $0) }
    }
  }

  private static func translated(_ endpoint: Endpoint, _ network: Network) -> ContainerEndpoint {
    var answer = ContainerEndpoint()
    (answer.network, answer.networkID) = (network.name, network.id)
    answer.endpointID = endpoint.id
    answer.address = endpoint.address?.description ?? ""
    answer.prefixLength = Int(endpoint.prefixLength)
    answer.gateway = endpoint.gateway?.description ?? ""
    answer.ipv6Address = endpoint.ipv6Address?.description ?? ""
    answer.ipv6PrefixLength = Int(endpoint.ipv6PrefixLength)
    answer.ipv6Gateway = endpoint.ipv6Gateway?.description ?? ""
    // Those of ipvlan have their parent's.
    answer.macAddress = network.driver == .ipvlan ? "" : endpoint.macAddress.description
    answer.ports = endpoint.published.map { port in
      Containers.PortBinding(
        containerPort: port.containerPort, transport: Self.transport(port.transport),
        hostAddress: port.hostAddress.description, hostPort: port.hostPort)
    }
    return answer
  }

  private static func transport(
    _ transport: Networks.TransportProtocol
  ) -> Containers.PortBinding.TransportProtocol {
    switch transport {
    case .tcp: .tcp
    case .udp: .udp
    case .sctp: .sctp
    }
  }

  func detach(_ id: ContainerID, from network: String, pid: Int32) async throws {
    try await networks.detach(containerID: id.text, from: network, pid: pid)
  }

  func detach(_ id: ContainerID, sharedBy pid: Int32?) async throws {
    try await networks.detach(containerID: id.text, pid: pid)
  }

  private static func address(_ text: String) throws(ContainerError) -> MACAddress? {
    if text.isEmpty { return nil }
    guard let address = MACAddress(text) else { throw .failed("address \(text): invalid MAC address") }
    return address
  }

  private static func wish(_ port: Containers.PortBinding) throws -> Networks.PortBinding {
    let range = port.lastHostPort.map { "\(port.hostPort)-\($0)" } ?? "\(port.hostPort)"
    return try Networks.PortBinding(
      port: "\(port.containerPort)/\(port.transport.rawValue)", hostIP: port.hostAddress, hostPort: range)
  }

  private static func translating<Value>(_ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch NetworkError.notFound(let name) {
      throw ContainerError.networkNotFound(name)
    } catch let error as NetworkError {
      switch error {
      case .invalid, .ambiguous, .addressOutside: throw ContainerError.invalid("\(error)")
      case .forbidden, .addressInUse: throw ContainerError.forbidden("\(error)")
      case .unsupported: throw ContainerError.unsupported("\(error)")
      // It ended while it was being connected.
      case .noProcess: throw ContainerError.conflict("\(error)")
      default: throw ContainerError.failed("\(error)")
      }
    }
  }
}
