public import JSON

/// What a running container has on its network.
public struct ContainerEndpoint: Equatable, Sendable, JSONMappable {
  /// The network's name and identifier.
  public var network = ""
  public var networkID = ""
  public var endpointID = ""
  /// IPv4, `172.30.0.2`; empty on a network without addresses of its own.
  public var address = ""
  public var prefixLength = 0
  public var gateway = ""
  public var macAddress = ""
  /// With the ports that the host really answers on.
  public var ports: [PortBinding] = []

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("network", &network)
    try json.field("networkID", &networkID)
    try json.field("endpointID", &endpointID)
    try json.required("address", &address)
    try json.field("prefixLength", &prefixLength)
    try json.field("gateway", &gateway)
    try json.field("macAddress", &macAddress)
    try json.nonEmpty("ports", &ports)
  }
}

/// The default bridge. Implemented on the networks domain.
public protocol NetworkProvider: Sendable {
  /// Gives the network namespace of the process `pid` an interface and publishes `ports`; called between the runtime's
  /// `create` and `start`.
  /// - Parameter macAddress: empty for one of the network's choice.
  func attach(
    _ id: ContainerID, pid: Int32, macAddress: String, ports: [PortBinding]
  ) async throws -> ContainerEndpoint

  /// What ``attach(_:pid:macAddress:ports:)`` gave, to this manager or to one before; `nil` if the container is not attached.
  func endpoint(of id: ContainerID) async -> ContainerEndpoint?

  /// Takes back what ``attach(_:pid:hostname:ports:)`` gave. Nothing there is fine.
  func detach(_ id: ContainerID) async throws

  /// The address under which containers reach the host, for `host-gateway`.
  var hostAddress: String { get }

  /// The identifier of the network that `mode` means.
  func networkID(_ mode: NetworkMode) -> String
}
