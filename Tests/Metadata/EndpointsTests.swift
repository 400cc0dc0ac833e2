import Metadata
import Testing

struct EndpointsTests {
  private func endpoint(_ container: String, _ address: String, network: String = "bridge") -> EndpointRow {
    EndpointRow(network: network, containerID: container, address: address, record: "{}")
  }

  @Test func `an address has one holder on its network until it is freed`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      try await database.putEndpoint(endpoint("a", "172.30.0.2"))
      await #expect(throws: MetadataError.addressInUse(network: "bridge", address: "172.30.0.2", owner: "a")) {
        try await database.putEndpoint(endpoint("b", "172.30.0.2"))
      }
      try await database.putEndpoint(endpoint("b", "172.30.0.2", network: "other"))
      #expect(try await database.removeEndpoint(network: "bridge", containerID: "a"))
      try await database.putEndpoint(endpoint("b", "172.30.0.2"))
    }
  }

  @Test func `a second put replaces the first`() async throws {
    try await withDatabasePath { path in
      let database = try await Database.open(at: path)
      try await database.putEndpoint(endpoint("a", "172.30.0.2"))
      try await database.putEndpoint(endpoint("a", "172.30.0.3"))
      #expect(try await database.endpoints { $0 } == [endpoint("a", "172.30.0.3")])
    }
  }
}
