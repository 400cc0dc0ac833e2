import EngineAPI
import Testing

@testable import Client

@Suite struct NetworkCommandTests {
  private func pools(
    _ subnets: [String], ranges: [String] = [], gateways: [String] = [], auxiliary: [String: String] = [:]
  ) throws -> [IPAM.Pool] {
    try SubnetArguments(subnets: subnets, ranges: ranges, gateways: gateways, auxiliary: auxiliary).pools()
  }

  @Test func whatIsInASubnetBelongsToIt() throws {
    let pools = try pools(
      ["10.1.0.0/16,10.2.0.0/16"], ranges: ["10.2.5.0/24"], gateways: ["10.1.0.9"], auxiliary: ["r": "10.2.0.1"])
    #expect(pools.map(\.subnet) == ["10.1.0.0/16", "10.2.0.0/16"])
    #expect(pools.map(\.range) == ["", "10.2.5.0/24"])
    #expect(pools.map(\.gateway) == ["10.1.0.9", ""])
    #expect(pools.map(\.auxiliaryAddresses) == [[:], ["r": "10.2.0.1"]])
  }

  @Test func whatIsInNoneIsRefused() {
    #expect(throws: ClientError.self) { try pools([], gateways: ["10.1.0.9"]) }
    #expect(throws: ClientError.self) { try pools(["10.1.0.0/16"], gateways: ["10.2.0.9"]) }
    #expect(throws: ClientError.self) { try pools(["10.1.0.0/16"], ranges: ["10.2.0.0/24"]) }
    #expect(throws: ClientError.self) { try pools(["10.1.0.0/16"], auxiliary: ["r": "x"]) }
    #expect(throws: ClientError.self) {
      try pools(["10.1.0.0/16", "10.2.0.0/16"], gateways: ["10.1.0.1", "10.1.0.2"])
    }
  }

  @Test(arguments: [
    ("2026-11-21T18:44:49.546288604Z", "2026-11-21 18:44:49.546288604 +0000 UTC"),
    ("2026-11-21T18:44:49.500000000Z", "2026-11-21 18:44:49.5 +0000 UTC"),
    ("2026-11-21T18:44:49.000000000Z", "2026-11-21 18:44:49 +0000 UTC"),
  ])
  func timesAreGos(created: String, expected: String) throws {
    var network = NetworkInspect()
    network.created = created
    #expect(NetworkRow(network, truncates: true).context.value["CreatedAt"]?.string == expected)
  }

  @Test(arguments: ["ls", "list", "create", "inspect", "rm", "remove", "prune", "connect", "disconnect"])
  func theGroupHasThem(name: String) throws {
    #expect(try CommandGroups.resolve(["network", name, "x"]).count >= 2)
  }

  @Test(arguments: [(["network"], false), (["network", "--help"], true)])
  func theGroupAloneIsExplained(_ arguments: [String], _ wasAskedFor: Bool) throws {
    let error = try #require(throws: ClientError.self) { _ = try CommandGroups.resolve(arguments) }
    guard case .help(let text, wasAskedFor) = error else { throw error }
    #expect(text.hasPrefix("Usage:  proa network COMMAND\n") && text.contains("connect, create"))
  }

  @Test func theGroupHasNoOthers() {
    #expect(throws: ClientError.tooFewArguments("proa: unknown command: proa network fly\n\n\(usage)")) {
      _ = try CommandGroups.resolve(["network", "fly"])
    }
  }

  private var usage: String {
    "Usage:  proa network COMMAND\n\n"
      + "Commands: connect, create, disconnect, inspect, list, ls, prune, remove, rm"
  }
}
