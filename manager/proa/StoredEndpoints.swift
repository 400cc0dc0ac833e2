internal import JSON
internal import Metadata
internal import Networks

/// Keeps the endpoints of ``Networks/NetworkService`` in the database.
struct StoredEndpoints: EndpointStore {
  let database: Database

  func put(_ endpoint: Endpoint) async throws {
    try await database.putEndpoint(
      EndpointRow(
        network: endpoint.network, containerID: endpoint.containerID, address: endpoint.address.description,
        record: JSONWriter.string(endpoint)))
  }

  func remove(containerID: String, network: String) async throws {
    try await database.removeEndpoint(network: network, containerID: containerID)
  }

  func endpoints() async throws -> [Endpoint] {
    try await database.endpoints { row in try Endpoint(jsonText: Array(row.record.utf8)) }
  }
}
