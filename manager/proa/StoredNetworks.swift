internal import Containers
internal import Events
internal import JSON
internal import Metadata
internal import Networks

/// Keeps the networks and endpoints of ``Networks/NetworkService`` in the database.
struct StoredNetworks: EndpointStore, NetworkStore {
  let database: Metadata.Database
  let events: EventLog

  func put(_ endpoint: Endpoint) async throws {
    try await database.putEndpoint(
      EndpointRow(
        network: endpoint.network, containerID: endpoint.containerID,
        address: endpoint.addresses.first?.description ?? "",
        record: JSONWriter.string(endpoint)))
  }

  func remove(containerID: String, network: String) async throws {
    try await database.removeEndpoint(network: network, containerID: containerID)
  }

  func endpoints() async throws -> [Endpoint] {
    try await database.endpoints { row in try Endpoint(jsonText: Array(row.record.utf8)) }
  }

  func insert(_ network: Network) async throws {
    let row = NetworkRow(id: network.id, name: network.name, record: JSONWriter.string(network))
    try await database.insertNetwork(row, events: [NewEventRow(Self.event("create", network))])
    events.changed()
  }

  func remove(_ network: Network) async throws {
    try await database.removeNetwork(network.id, events: [NewEventRow(Self.event("destroy", network))])
    events.changed()
  }

  func networks() async throws -> [Network] {
    try await database.networks { row in try Network(jsonText: Array(row.record.utf8)) }
  }

  func pruned() async {
    await events.append([
      Event(
        kind: .network, action: "prune", actor: "", attributes: ["reclaimed": "0"], time: Timestamp.now().nanoseconds)
    ])
  }

  private static func event(_ action: String, _ network: Network) -> Event {
    Event(
      kind: .network, action: action, actor: network.id,
      attributes: ["name": network.name, "type": network.driver.rawValue], time: Timestamp.now().nanoseconds)
  }
}
