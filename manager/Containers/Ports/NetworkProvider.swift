public import JSON

/// What a running container has on a network.
public struct ContainerEndpoint: Equatable, Sendable, JSONMappable {
  /// The network's name and identifier.
  public var network = ""
  public var networkID = ""
  public var endpointID = ""
  /// IPv4, `172.30.0.2`; empty on a network without it, or without addresses of its own.
  public var address = ""
  public var prefixLength = 0
  public var gateway = ""
  /// IPv6, `fd00::2`; empty on a network without it.
  public var ipv6Address = ""
  public var ipv6PrefixLength = 0
  public var ipv6Gateway = ""
  public var macAddress = ""
  /// With the ports that the host really answers on.
  public var ports: [PortBinding] = []

  public init() {}

  /// All it has.
  var addresses: [String] { [address, ipv6Address].filter { !$0.isEmpty } }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("network", &network)
    try json.field("networkID", &networkID)
    try json.field("endpointID", &endpointID)
    try json.required("address", &address)
    try json.field("prefixLength", &prefixLength)
    try json.field("gateway", &gateway)
    try json.nonEmpty("ipv6Address", &ipv6Address)
    try json.field("ipv6PrefixLength", &ipv6PrefixLength)
    try json.nonEmpty("ipv6Gateway", &ipv6Gateway)
    try json.field("macAddress", &macAddress)
    try json.nonEmpty("ports", &ports)
  }
}

/// What a network is known by.
public struct NetworkIdentity: Equatable, Sendable {
  public var name: String
  public var id: String

  public init(name: String, id: String) { (self.name, self.id) = (name, id) }
}

/// The networks that have addresses of their own, and what all are called. Implemented on the networks domain.
public protocol NetworkProvider: Sendable {
  /// - Parameter name: a name, an identifier, or the beginning of one.
  /// - Throws: ``ContainerError/networkNotFound(_:)``.
  func network(_ name: String) async throws -> NetworkIdentity

  /// Gives the network namespace of the process `pid` an interface on the network, and publishes `ports` where the container can be
  /// reached from outside; called between the runtime's `create` and `start`, and later.
  /// - Parameter network: an identifier.
  /// - Parameter names: what others call it there.
  func attach(
    _ id: ContainerID, pid: Int32, to network: String, _ request: EndpointRequest, names: [String], ports: [PortBinding]
  ) async throws

  /// What others call the container from now on, by the networks' identifiers.
  func rename(_ id: ContainerID, _ names: [String: [String]]) async throws

  /// The files that tell the names on the container's networks, and whether others may be asked for the rest.
  func names(for id: ContainerID) async -> (tables: [String], mayAskOthers: Bool)

  /// Leads questions about names to these ports of 127.0.0.11 in the process's network namespace.
  func redirectNames(pid: Int32, udp: UInt16, tcp: UInt16) async throws

  /// What the container has, of this manager or of one before.
  func endpoints(of id: ContainerID) async -> [ContainerEndpoint]

  /// Takes back what the container has on one network. Nothing there is fine.
  /// - Parameter network: an identifier.
  func detach(_ id: ContainerID, from network: String, pid: Int32) async throws

  /// Takes back everything. Nothing there is fine.
  /// - Parameter pid: a process that is still in the container's network namespace, nil if there is none.
  func detach(_ id: ContainerID, sharedBy pid: Int32?) async throws

  /// The address under which containers reach the host, for `host-gateway`.
  var hostAddress: String { get }
}
