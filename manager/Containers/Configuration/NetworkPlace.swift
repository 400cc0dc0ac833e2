public import JSON

/// A container's place on one network: what was asked for, and while the container runs, what it has.
public struct NetworkPlace: Equatable, Sendable, JSONMappable {
  /// The network's name.
  public var network = ""
  /// Empty until the container was connected once.
  public var networkID = ""
  public var request = EndpointRequest()
  public var endpoint: ContainerEndpoint?

  public init() {}

  public init(_ network: String, _ request: EndpointRequest = EndpointRequest()) {
    (self.network, self.request) = (network, request)
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("network", &network)
    try json.nonEmpty("networkID", &networkID)
    try json.field("request", &request)
    try json.optional("endpoint", &endpoint)
  }

  /// Whether somebody made the network: it has names, and addresses to choose from.
  public var isUserDefined: Bool { !["bridge", "host", "none"].contains(network) }

  /// What finds the network: its identifier once that is known, so that another one of its name is not taken for it; those that
  /// are there from the beginning may have another one in another data root.
  var reference: String { networkID.isEmpty || !isUserDefined ? network : networkID }
}

extension ContainerRecord {
  /// What a container has of networks that is in its mode, or was named besides.
  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words for networks that do not go with the mode.
  static func places(
    _ mode: NetworkMode, _ endpoints: [String: EndpointRequest]
  ) throws(ContainerError) -> [NetworkPlace] {
    var others = endpoints
    let own = others.removeValue(forKey: mode.text) ?? (mode == .bridge ? others.removeValue(forKey: "default") : nil)
    guard others.isEmpty || (mode != .host && !mode.isContainer) else { throw .invalid(NetworkPlace.sharing) }
    guard others.isEmpty || mode != .none else { throw .invalid(NetworkPlace.isPrivate) }
    var places = places(of: mode)
    if let own, !places.isEmpty { places[0].request = own }
    return places + others.sorted { $0.key < $1.key }.map { NetworkPlace($0.key, $0.value) }
  }

  /// What there is if nobody asks for more.
  static func places(of mode: NetworkMode) -> [NetworkPlace] { mode.isContainer ? [] : [NetworkPlace(mode.text)] }

  /// The ports that the host really answers on.
  public var publishedPorts: [PortBinding] { places.flatMap { $0.endpoint?.ports ?? [] } }

  /// Whether it has interfaces of its own besides the loopback.
  var hasInterfaces: Bool { places.contains { !["host", "none"].contains($0.network) } }

  /// Whether it can ask for names at 127.0.0.11.
  var asksForNames: Bool { places.contains(where: \.isUserDefined) }

  /// What others call it on a network that somebody made.
  public func names(on place: NetworkPlace) -> [String] {
    guard place.isUserDefined else { return [] }
    var seen: Set<String> = []
    return ([name.text] + place.request.aliases + [id.short, hostname]).filter { seen.insert($0).inserted }
  }

  mutating func leaveNetworks() { for index in places.indices { places[index].endpoint = nil } }
}

extension NetworkPlace {
  static let sharing =
    "container sharing network namespace with another container or host cannot be connected to any other network"
  static let isPrivate =
    "container cannot be connected to multiple networks with one of the networks in private (none) mode"
}
