import Containers
import EngineAPI
import Testing

@testable import EngineServer

@Suite struct ListFilterTests {
  private static func filters(_ name: String, _ value: String) throws -> Filters { Filters([name: [value]]) }

  /// Docker accepts them, and no container here is ever so.
  @Test(arguments: ["is-task=true"])
  func nothingIsEverSo(text: String) throws {
    #expect(try request(text).filter.isUnsatisfiable)
  }

  @Test(arguments: [
    "health=none", "health=healthy", "is-task=false", "isolation=default", "status=exited", "status=paused",
    "expose=80/tcp",
  ])
  func thesePass(text: String) throws { #expect(try !request(text).filter.isUnsatisfiable) }

  private func request(_ text: String) throws -> ContainerListRequest {
    let parts = text.split(separator: "=")
    return try ListTranslation.request(try Query("filters={\"\(parts[0])\":[\"\(parts[1])\"]}"))
  }

  static let now = Timestamp(nanoseconds: 1_000_000_000_000_000_000)

  @Test(
    arguments: [
      ("1.5", 1_500_000_000), ("0", 0), ("10m", 999_999_400_000_000_000), ("1h30m", 999_994_600_000_000_000),
      ("2000-01-01T00:00:00Z", 946_684_800_000_000_000), ("2000-01-01", 946_684_800_000_000_000),
      ("2000-01-01T00:00", 946_684_800_000_000_000),
    ] as [(String, Int64)])
  func untilIsAMomentOrAgo(text: String, nanoseconds: Int64) throws {
    let time = try UntilFilter.time(Filters(["until": [text]]), now: Self.now)
    #expect(time == Timestamp(nanoseconds: nanoseconds))
  }

  @Test func withoutUntil() throws { #expect(try UntilFilter.time(Filters(), now: Self.now) == nil) }

  @Test(arguments: [["x"], ["1y"], ["m"], [""], ["1m", "2m"]])
  func refusesUntil(values: [String]) {
    #expect(throws: APIError.self) { try UntilFilter.time(Filters(["until": values]), now: Self.now) }
  }

  static let networks = [
    NetworkFacts(
      mode: .bridge, id: "aaaa", createdAt: now, driver: "bridge", subnet: "10.0.0.0/24", gateway: "10.0.0.1"),
    NetworkFacts(mode: .host, id: "bbbb", createdAt: now, driver: "host"),
    NetworkFacts(mode: .none, id: "bbcc", createdAt: now, driver: "null"),
  ]

  @Test(
    arguments: [
      ("driver", "host", ["host"]), ("id", "bb", ["host", "none"]), ("name", "on", ["none"]), ("type", "custom", []),
      ("type", "builtin", ["bridge", "host", "none"]), ("scope", "swarm", []), ("dangling", "true", []),
      ("dangling", "false", ["bridge", "host", "none"]), ("label", "a", []),
    ] as [(String, String, [String])])
  func networkFilters(name: String, value: String, names: [String]) throws {
    let filter = try NetworkFilter(try Query("filters={\"\(name)\":[\"\(value)\"]}"))
    #expect(try filter.select(from: Self.networks).map(\.name) == names)
  }

  @Test(arguments: ["{\"fly\":[\"x\"]}", "{\"type\":[\"x\"]}", "{\"dangling\":[\"x\"]}"])
  func refusesNetworkFilters(text: String) {
    #expect(throws: APIError.self) {
      try NetworkFilter(try Query("filters=\(text)")).select(from: Self.networks)
    }
  }

  @Test func aNetworkAsDockerTellsOfIt() {
    let bridge = NetworkInspect(Self.networks[0])
    #expect(bridge.ipam.configurations.map(\.subnet) == ["10.0.0.0/24"])
    #expect(bridge.ipam.configurations.map(\.gateway) == ["10.0.0.1"])
    #expect(NetworkInspect(Self.networks[1]).ipam.configurations.isEmpty)
  }
}
