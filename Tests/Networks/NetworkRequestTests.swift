import JSON
import LinuxKernel
import Testing

@testable import Networks

struct NetworkRequestTests {
  private func request(
    _ subnet: String, gateway: String = "", range: String = "", auxiliary: [String: String] = [:]
  ) -> NetworkRequest {
    var request = NetworkRequest()
    request.name = "n"
    var part = SubnetRequest()
    (part.subnet, part.gateway, part.range, part.auxiliary) = (subnet, gateway, range, auxiliary)
    request.subnets = [part]
    return request
  }

  @Test func `nothing asked for is anything free`() throws { #expect(try request("").checked().subnets.ipv4 == nil) }

  @Test func `a subnet has what was asked for`() throws {
    let subnet = try #require(
      try request("10.9.0.0/16", gateway: "10.9.0.9", range: "10.9.1.0/24", auxiliary: ["r": "10.9.1.1"]).checked()
        .subnets.ipv4)
    #expect(subnet.bridgeAddress.description == "10.9.0.9/16")
    #expect(subnet.range?.description == "10.9.1.0/24")
    var pool = AddressPool(subnet)
    #expect(try pool.allocate().description == "10.9.1.0")
    #expect(try pool.allocate().description == "10.9.1.2")
    let outside = try #require(IPv4Address("10.9.7.7"))
    #expect(try pool.allocate(outside) == outside)
    #expect(throws: NetworkError.addressInUse) { try pool.allocate(outside) }
    #expect(throws: NetworkError.addressInUse) { try pool.allocate(try #require(IPv4Address("10.9.0.9"))) }
    #expect(throws: NetworkError.addressOutside("0.0.0.0")) { try pool.allocate(.any) }
  }

  @Test func `a network may have a subnet of each family, or of one`() throws {
    var request = request("10.9.0.0/24")
    request.subnets += self.request("fd09::/64", gateway: "fd09::9", range: "fd09::8:0/112").subnets
    request.enablesIPv6 = true
    let subnets = try request.checked().subnets
    #expect(subnets.ipv4?.gateway.description == "10.9.0.1")
    #expect(subnets.ipv6?.bridgeAddress.description == "fd09::9/64")
    var pool = AddressPool(try #require(subnets.ipv6))
    #expect(try pool.allocate().description == "fd09::8:0")
    request.enablesIPv4 = false
    #expect(
      throws: NetworkError.invalid("invalid network config:\nsubnet 10.9.0.0/24: the network is without IPv4")
    ) { try request.checked() }
    request.subnets.removeFirst()
    #expect(try request.checked().subnets.ipv4 == nil)
    request.enablesIPv6 = false
    #expect(throws: NetworkError.invalid("IPv4 or IPv6 must be enabled")) { try request.checked() }
  }

  @Test func `a gateway nobody named is the first address that nobody has`() throws {
    #expect(try request("10.9.0.0/24").checked().subnets.ipv4?.gateway.description == "10.9.0.1")
    let subnet = try request("10.9.0.0/24", auxiliary: ["a": "10.9.0.1"]).checked().subnets.ipv4
    #expect(subnet?.gateway.description == "10.9.0.2")
  }

  @Test(arguments: [
    ("10.9.0.0", "", "", "", "invalid subnet 10.9.0.0: invalid CIDR block notation"),
    ("10.9.0.5/24", "", "", "", "invalid subnet 10.9.0.5/24: it should be 10.9.0.0/24"),
    ("10.9.0.0/24", "bad", "", "", "invalid gateway bad: invalid address"),
    (
      "10.9.0.0/24", "10.8.0.1", "", "",
      "invalid gateway 10.8.0.1: parent subnet 10.9.0.0/24 doesn't contain this address"
    ),
    ("10.9.0.0/24", "", "bad", "", "invalid ip-range bad: invalid CIDR block notation"),
    (
      "10.9.0.0/24", "", "10.9.0.0/16", "",
      "invalid ip-range 10.9.0.0/16: CIDR block is bigger than its parent subnet 10.9.0.0/24"
    ),
    (
      "10.9.0.0/24", "", "10.8.0.0/25", "",
      "invalid ip-range 10.8.0.0/25: parent subnet 10.9.0.0/24 doesn't contain ip-range"
    ),
    ("10.9.0.0/24", "", "", "bad", "invalid auxiliary address a: invalid address"),
    ("", "10.9.0.1", "", "", "invalid subnet : invalid CIDR block notation"),
  ])
  func `what is wrong with addresses is said in Docker's words`(
    subnet: String, gateway: String, range: String, auxiliary: String, problem: String
  ) {
    let request = request(
      subnet, gateway: gateway, range: range, auxiliary: auxiliary.isEmpty ? [:] : ["a": auxiliary])
    #expect(throws: NetworkError.invalid("invalid network config:\n\(problem)")) { try request.checked() }
  }

  @Test func `what is wrong is said all at once`() {
    #expect(
      throws: NetworkError.invalid(
        "invalid network config:\ninvalid gateway x: invalid address\ninvalid auxiliary address a: invalid address")
    ) { try request("10.9.0.0/24", gateway: "x", auxiliary: ["a": "y"]).checked() }
  }

  @Test func `addresses that cannot be are refused`() {
    #expect(throws: NetworkError.forbidden("failed to allocate gateway (10.9.0.0): Address already in use")) {
      try request("10.9.0.0/24", gateway: "10.9.0.0").checked()
    }
    #expect(
      throws: NetworkError.forbidden("failed to allocate secondary ip address (r:10.9.0.9): Address already in use")
    ) {
      try request("10.9.0.0/24", gateway: "10.9.0.9", auxiliary: ["r": "10.9.0.9"]).checked()
    }
    #expect(throws: NetworkError.self) { try request("10.9.0.0/31").checked() }
    #expect(
      throws: NetworkError.invalid("invalid network config:\nsubnet fd00::/64: the network is without IPv6")
    ) { try request("fd00::/64").checked() }
    var two = request("10.9.0.0/24")
    two.subnets += request("10.10.0.0/24").subnets
    #expect(throws: NetworkError.forbidden("bridge driver doesn't support multiple subnets")) { try two.checked() }
  }

  @Test(arguments: [
    ("", "", "invalid name: name is empty"), (" ", "", "invalid name: name is empty"),
    ("bridge", "", "operation is not permitted on predefined bridge network "),
    ("default", "", "operation is not permitted on predefined default network "),
    ("n", "host", "only one instance of \"host\" network is allowed"), ("n", "fly", "plugin \"fly\" not found"),
    ("n", "overlay", "the network driver \"overlay\" is not supported yet"),
  ])
  func `names and drivers that cannot be are refused`(name: String, driver: String, message: String) {
    var request = NetworkRequest()
    (request.name, request.driver) = (name, driver)
    #expect { try request.checked() } throws: { "\($0)" == message }
  }

  @Test func `a description of networks survives its JSON form`() throws {
    var network = Network()
    var configuration = request("10.9.0.0/24", gateway: "10.9.0.9", auxiliary: ["r": "10.9.0.8"])
    (configuration.isConfigurationOnly, configuration.enablesIPv6, configuration.options) = (true, true, ["a": "b"])
    network.configuration = configuration
    #expect(try Network(jsonText: Array(JSONWriter.string(network).utf8)) == network)
    #expect(configuration.hasConfiguration && !NetworkRequest().hasConfiguration)
  }
}
