internal import Containers
internal import LinuxKernel
internal import Networks

/// Gives containers their place on the default bridge.
struct BridgeForContainers: NetworkProvider {
  let networks: NetworkService
  let identity: Identity
  let hostAddress: String

  func attach(
    _ id: ContainerID, pid: Int32, macAddress: String, ports: [Containers.PortBinding]
  ) async throws -> ContainerEndpoint {
    translated(
      try await networks.attach(
        containerID: id.text, pid: pid, macAddress: try Self.address(macAddress), ports: try ports.map(Self.wish)))
  }

  func endpoint(of id: ContainerID) async -> ContainerEndpoint? {
    await networks.endpoint(of: id.text).map(translated)
  }

  private func translated(_ endpoint: Endpoint) -> ContainerEndpoint {
    var answer = ContainerEndpoint()
    answer.network = endpoint.network
    answer.networkID = networkID(.bridge)
    answer.endpointID = endpoint.id
    answer.address = endpoint.address.description
    answer.prefixLength = Int(endpoint.prefixLength)
    answer.gateway = endpoint.gateway.description
    answer.macAddress = endpoint.macAddress.description
    answer.ports = endpoint.ports.map { port in
      Containers.PortBinding(
        containerPort: port.containerPort, transport: port.transport == .tcp ? .tcp : .udp,
        hostAddress: port.hostAddress.description, hostPort: port.hostPort)
    }
    return answer
  }

  func networkID(_ mode: NetworkMode) -> String { identity.networks[mode.text] ?? "" }

  func detach(_ id: ContainerID) async throws { try await networks.detach(containerID: id.text) }

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
}
