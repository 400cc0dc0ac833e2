package import Containers
internal import EngineAPI

/// One of the networks that are there from the beginning.
package struct NetworkFacts: Equatable, Sendable {
  package var mode: NetworkMode
  package var id: String
  package var createdAt: Timestamp
  /// `bridge`, `host` or `null`.
  package var driver: String
  /// `172.30.0.0/16`; `nil` without addresses of its own.
  package var subnet: String?
  package var gateway: String?
  package var options: [String: String]

  package init(
    mode: NetworkMode, id: String, createdAt: Timestamp, driver: String, subnet: String? = nil, gateway: String? = nil,
    options: [String: String] = [:]
  ) {
    self.mode = mode
    self.id = id
    self.createdAt = createdAt
    self.driver = driver
    self.subnet = subnet
    self.gateway = gateway
    self.options = options
  }

  var name: String { mode.text }
}

extension Route {
  /// `/networks`, as far as there are networks: the three that nobody makes and nobody removes.
  package static func networks(_ networks: [NetworkFacts], _ containers: ContainerService) -> [Route] {
    [
      Route(.GET, "/networks") { request in
        .json(try NetworkFilter(request.query).select(from: networks).map { NetworkInspect($0) })
      },
      Route(.GET, "/networks/{id}") { request in
        let network = try find(try request.parameter("id"), networks)
        var answer = NetworkInspect(network)
        answer.add(containers.running.filter { $0.host.networkMode == network.mode })
        return .json(answer)
      },
      Route(.POST, "/networks/prune") { request in
        try request.query.filters().check(known: ["label", "label!", "until"])
        return .json(NetworksPruneResponse())
      },
      Route(.DELETE, "/networks/{id}") { request in
        let network = try find(try request.parameter("id"), networks)
        throw APIError.forbidden("\(network.name) is a pre-defined network and cannot be removed")
      },
    ]
  }

  private static func find(_ text: String, _ networks: [NetworkFacts]) throws(APIError) -> NetworkFacts {
    if let exact = networks.first(where: { $0.id == text || $0.name == text }) { return exact }
    let matches = text.isEmpty ? [] : networks.filter { $0.id.hasPrefix(text) }
    if matches.count > 1 {
      throw .invalidParameter("network \(text) is ambiguous (\(matches.count) matches found on name)")
    }
    guard let match = matches.first else { throw .notFound("network \(text) not found") }
    return match
  }
}

/// The filters of `GET /networks`.
struct NetworkFilter {
  private let filters: Filters

  init(_ query: Query) throws(APIError) {
    filters = try query.filters()
    try filters.check(known: ["dangling", "driver", "id", "label", "name", "scope", "type"])
    for type in filters["type"] where !["builtin", "custom"].contains(type) {
      throw .invalidParameter("invalid filter: 'type'='\(type)'")
    }
  }

  func select(from networks: [NetworkFacts]) throws(APIError) -> [NetworkFacts] {
    // Nobody can remove these, so none of them is dangling.
    if try filters.bool("dangling") == true { return [] }
    guard filters["label"].isEmpty else { return [] }
    return networks.filter { network in
      passes("driver") { $0 == network.driver } && passes("scope") { $0 == "local" }
        && passes("type") { $0 == "builtin" } && passes("id") { network.id.hasPrefix($0) }
        && passes("name") { network.name.contains($0) }
    }
  }

  private func passes(_ name: String, _ matches: (String) -> Bool) -> Bool {
    filters[name].isEmpty || filters[name].contains(where: matches)
  }
}

extension NetworkInspect {
  init(_ network: NetworkFacts) {
    self.init()
    name = network.name
    id = network.id
    created = network.createdAt.description
    driver = network.driver
    options = network.options
    guard let subnet = network.subnet else { return }
    var pool = IPAM.Pool()
    pool.subnet = subnet
    pool.gateway = network.gateway ?? ""
    ipam.configurations = [pool]
  }

  fileprivate mutating func add(_ records: [ContainerRecord]) {
    for record in records {
      var container = NetworkContainer()
      container.name = record.name.text
      if let endpoint = record.endpoint {
        container.endpointID = endpoint.endpointID
        container.macAddress = endpoint.macAddress
        if !endpoint.address.isEmpty { container.ipv4Address = "\(endpoint.address)/\(endpoint.prefixLength)" }
      }
      containers[record.id.text] = container
    }
  }
}
