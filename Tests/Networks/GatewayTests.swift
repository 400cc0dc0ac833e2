import LinuxKernel
import Testing

@testable import Networks

struct GatewayTests {
  private func endpoint(_ network: String, priority: Int = 0, ports: [UInt16] = []) -> Endpoint {
    var endpoint = Endpoint()
    (endpoint.id, endpoint.network, endpoint.gatewayPriority) = (network, network, priority)
    endpoint.address = .any
    endpoint.ports = ports.map {
      PublishedPort(containerPort: $0, transport: .tcp, hostAddress: .v4(.any), hostPort: $0)
    }
    return endpoint
  }

  private func network(_ key: String) -> Network? {
    var network = Network()
    (network.id, network.name, network.isInternal) = (key, key, key.hasPrefix("i"))
    return network
  }

  @Test(
    arguments: [
      ([], nil), (["b"], "b"), (["b", "a"], "a"), (["i"], nil), (["i", "z"], "z"),
    ] as [([String], String?)])
  func `the first by name that leads somewhere is the gateway`(keys: [String], expected: String?) {
    let assigned = Gateways.assign(keys.map { endpoint($0) }, network)
    #expect(assigned.filter(\.isGateway).map(\.network) == [expected].compactMap { $0 })
  }

  @Test func `a priority is worth more than a name`() {
    let assigned = Gateways.assign([endpoint("a"), endpoint("b", priority: 1)], network)
    #expect(assigned.map(\.isGateway) == [false, true])
  }

  @Test func `ports are where the gateway is`() {
    let assigned = Gateways.assign([endpoint("b", ports: [80, 90]), endpoint("a")], network)
    #expect(assigned.map(\.ports.count) == [0, 2])
    #expect(Gateways.assign([endpoint("i", ports: [80])], network)[0].ports.isEmpty)
  }

  @Test func `what has no bridge leads out and publishes nothing, and ports wait until one is the gateway again`() {
    func found(_ key: String) -> Network? {
      var found = network(key)
      if key == "a" { found?.driver = .macvlan }
      return found
    }
    let assigned = Gateways.assign([endpoint("b", ports: [80]), endpoint("a")], found)
    #expect(assigned.map(\.isGateway) == [false, true])
    #expect(assigned.map(\.ports.count) == [1, 0] && assigned.allSatisfy(\.published.isEmpty))
    let left = Gateways.assign(Array(assigned.prefix(1)), found)
    #expect(left.map(\.isGateway) == [true] && left[0].published.map(\.hostPort) == [80])
  }

  @Test func `an interface that leads nowhere is no gateway`() {
    func found(_ key: String) -> Network? {
      var found = network(key)
      if key == "a" { found?.parent = "dm-a" }
      return found
    }
    #expect(Gateways.assign([endpoint("b"), endpoint("a")], found).map(\.isGateway) == [true, false])
  }

  @Test func `the gateway of IPv6 may be another one`() {
    var both = endpoint("b", ports: [80])
    both.ipv6Address = .any
    both.ports += [PublishedPort(containerPort: 80, transport: .tcp, hostAddress: .v6(.any), hostPort: 80)]
    let assigned = Gateways.assign([both, endpoint("a")], network)
    #expect(assigned.map(\.isGateway) == [false, true] && assigned.map(\.isIPv6Gateway) == [true, false])
    #expect(assigned.map { $0.ports.map(\.hostAddress.isIPv6) } == [[true], [false]])
    #expect(assigned.gatewayFamilies == [.ipv4, .ipv6])
  }
}
