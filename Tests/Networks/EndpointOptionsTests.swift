import Testing

@testable import Networks

struct EndpointOptionsTests {
  private let endpoint = "com.docker.network.endpoint"

  @Test func `options are what they say`() throws {
    let options = try EndpointOptions([
      "\(endpoint).ifname": "lan",
      "\(endpoint).sysctls": "net.ipv6.conf.IFNAME.accept_ra=2,net.ipv4.neigh.IFNAME.mcast_solicit=0=0",
      "of.somebody": "else",
    ])
    #expect(options.interface == "lan")
    #expect(options.parameters.map(\.folder) == ["net/ipv6/conf", "net/ipv4/neigh"])
    #expect(options.parameters.map(\.name) == ["accept_ra", "mcast_solicit"])
    #expect(options.parameters.map(\.value) == ["2", "0=0"])
  }

  @Test(arguments: [
    ("ifname", "a b", "invalid interface name \"a b\""), ("ifname", "lo", "invalid interface name \"lo\""),
    ("sysctls", "net.ipv4.conf.IFNAME.x", "to have format name=value"),
    ("sysctls", "kernel.a.b.IFNAME.c=1", "to have format net.X.Y.IFNAME.Z"),
    ("sysctls", "net.ipv4.conf.all.x=1", "to have format net.X.Y.IFNAME.Z"),
    ("sysctls", "net.ipv4.../.IFNAME.x=1", "to have format net.X.Y.IFNAME.Z"),
    ("exposedports", "x", "the endpoint's option com.docker.network.endpoint.exposedports is not supported yet"),
  ])
  func `what cannot be is refused`(name: String, value: String, message: String) {
    #expect { try EndpointOptions(["\(endpoint).\(name)": value]) } throws: { "\($0)".contains(message) }
  }
}
