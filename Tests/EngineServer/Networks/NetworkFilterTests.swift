import Containers
import EngineAPI
import LinuxKernel
import Networks
import Testing

@testable import EngineServer

@Suite struct NetworkFilterTests {
  static let now = Timestamp(nanoseconds: 1_000_000_000_000_000_000)
  static let networks = [
    network("bridge", "aaaa", .bridge, isPredefined: true), network("host", "bbbb", .host, isPredefined: true),
    network("none", "bbcc", .null, isPredefined: true), network("own", "cccc", .bridge, isPredefined: false),
    network("used", "dddd", .bridge, isPredefined: false),
  ]

  private static func network(
    _ name: String, _ id: String, _ driver: Networks.Network.Driver, isPredefined: Bool
  ) -> Networks.Network {
    var network = Networks.Network()
    (network.name, network.id, network.driver, network.isPredefined) = (name, id, driver, isPredefined)
    network.subnet = IPv4Prefix("10.0.0.1/24").map { Networks.Network.Subnet(gateway: $0) }
    if driver != .bridge { network.subnet = nil }
    if name == "own" { network.labels = ["a": "b"] }
    network.createdAt = isPredefined ? 0 : now.nanoseconds - 60_000_000_000
    return network
  }

  @Test(
    arguments: [
      ("driver", "host", ["host"]), ("id", "bb", ["host", "none"]), ("name", "on", ["none"]),
      ("name", "^o", ["own"]), ("type", "custom", ["own", "used"]), ("type", "builtin", ["bridge", "host", "none"]),
      ("scope", "swarm", []), ("dangling", "true", ["own"]), ("dangling", "false", ["bridge", "host", "none", "used"]),
      ("label", "a", ["own"]), ("label", "a=c", []),
    ] as [(String, String, [String])])
  func filters(name: String, value: String, names: [String]) throws {
    let filter = try NetworkFilter(try Query("filters={\"\(name)\":[\"\(value)\"]}"))
    let taken = Self.networks.filter { filter.takes($0, isUsed: $0.name == "used") }
    #expect(taken.map(\.name) == names)
  }

  @Test(arguments: ["{\"fly\":[\"x\"]}", "{\"type\":[\"x\"]}", "{\"dangling\":[\"x\"]}", "{\"name\":[\"(\"]}"])
  func refusesOthers(text: String) {
    #expect(throws: APIError.self) { try NetworkFilter(try Query("filters=\(text)")) }
  }

  @Test(
    arguments: [
      ("label", "a", true), ("label", "x", false), ("label!", "a", false), ("label!", "x", true),
      ("until", "30s", true),
      ("until", "2m", false),
    ])
  func prunes(name: String, value: String, isTaken: Bool) throws {
    #expect(try NetworkPrune(Filters([name: [value]]), now: Self.now).takes(Self.networks[3]) == isTaken)
  }

  @Test func aNetworkAsDockerTellsOfIt() {
    let bridge = NetworkInspect(Self.networks[0])
    #expect(bridge.ipam.configurations.map(\.subnet) == ["10.0.0.0/24"])
    #expect(bridge.ipam.configurations.map(\.gateway) == ["10.0.0.1"])
    #expect(NetworkInspect(Self.networks[1]).ipam.configurations.isEmpty)
    var chosen = Self.networks[3]
    chosen.subnet?.isChosen = true
    #expect(NetworkInspect(chosen).ipam.configurations.map(\.gateway) == [""])
  }

  @Test(
    arguments: [
      ("{\"Scope\":\"swarm\"}", 403), ("{\"Scope\":\"x\"}", 400),
      ("{\"Ingress\":true}", 403), ("{\"IPAM\":{\"Driver\":\"fly\"}}", 404),
    ])
  func refusesWhatThereIsNot(text: String, status: UInt) throws {
    let body = try NetworkCreateRequest(jsonText: Array(text.utf8))
    let error = #expect(throws: APIError.self) { try NetworkCreation.request(body) }
    #expect(error?.status.code == status)
  }

  @Test func passesOverFieldsThatNobodyKnows() throws {
    let text = #"{"Name":"n","New":1,"IPAM":{"Config":[{"Subnet":"10.1.0.0/24","New":1}]}}"#
    let request = try NetworkCreation.request(try NetworkCreateRequest(jsonText: Array(text.utf8)))
    #expect(request.name == "n" && request.subnets.count == 1)
  }
}
