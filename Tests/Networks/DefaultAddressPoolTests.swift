import LinuxKernel
import Testing

@testable import Networks

struct DefaultAddressPoolTests {
  private func prefix(_ text: String) throws -> IPv4Prefix { try #require(IPv4Prefix(text)) }

  @Test(
    arguments: [
      ([], "10.0.0.0/24"), (["10.0.0.0/24"], "10.0.1.0/24"), (["10.0.0.128/25", "10.0.1.5/32"], "10.0.2.0/24"),
      (["10.0.0.0/23", "10.0.2.0/24"], "10.0.3.0/24"), (["10.0.1.0/24"], "10.0.0.0/24"), (["10.0.0.0/8"], nil),
      (["10.0.0.0/23", "10.0.2.0/23"], nil), (["192.0.2.0/24"], "10.0.0.0/24"),
    ] as [([String], String?)])
  func `the first piece that is nobody's is taken`(taken: [String], expected: String?) throws {
    let pool = try DefaultAddressPool<IPv4Address>("base=10.0.0.0/22,size=24")
    #expect(pool.firstFree(avoiding: try taken.map(prefix))?.description == expected)
  }

  @Test func `the last addresses there are can be had`() throws {
    let pool = try DefaultAddressPool<IPv4Address>("base=255.255.255.0/24,size=30")
    #expect(pool.firstFree(avoiding: [try prefix("255.255.255.0/25")])?.description == "255.255.255.128/30")
    #expect(pool.firstFree(avoiding: [try prefix("255.255.255.0/24")]) == nil)
  }

  @Test func `there is room for many networks by default`() throws {
    var taken: [IPv4Prefix] = []
    for pool in DefaultAddressPool<IPv4Address>.standard {
      while taken.count < 1000, let piece = pool.firstFree(avoiding: taken) { taken.append(piece) }
    }
    #expect(taken.count == 1000)
  }

  @Test(arguments: [
    "", "base=10.0.0.0/8", "size=24", "base=10.0.0.1/8,size=24", "base=10.0.0.0/8,size=7", "base=10.0.0.0/8,size=31",
    "base=10.0.0.0/8,size=24,x=1", "base=10.0.0.0/8,size=24,size=24", "base=fd00::/8,size=64", "base=,size=",
  ])
  func `what is no pool is refused`(text: String) {
    #expect(throws: NetworkError.self) { try DefaultAddressPool<IPv4Address>(text) }
  }

  @Test func `every engine has a piece of the unique local addresses`() throws {
    let pool = try #require(DefaultAddressPool<IPv6Address>.local("0123456789abcdef").first)
    #expect(pool.base.description == "fd01:2345:6789::/48" && pool.size == 64)
    let first = try #require(pool.firstFree(avoiding: []))
    #expect(first.description == "fd01:2345:6789::/64")
    #expect(pool.firstFree(avoiding: [first])?.description == "fd01:2345:6789:1::/64")
    #expect(pool.firstFree(avoiding: [pool.base]) == nil)
    #expect(DefaultAddressPool<IPv6Address>.local("").isEmpty)
  }

  @Test(arguments: ["base=fd00::/48,size=64", "base=fd00::/8,size=126"])
  func `pools of IPv6 can be named`(text: String) throws {
    _ = try DefaultAddressPool<IPv6Address>(text)
    #expect(throws: NetworkError.self) { try DefaultAddressPool<IPv6Address>(text + "8") }
  }

  @Test func `the default network has the piece of IPv6 that nobody else is given`() throws {
    func subnet(_ configuration: NetworkConfiguration) throws -> Network.IPv6Subnet? {
      try #require(configuration.predefined(["bridge": "0123456789abcdef"], createdAt: 0).first).ipv6Subnet
    }
    #expect(try subnet(try NetworkConfiguration()) == nil)
    let own = try #require(try subnet(try NetworkConfiguration(enablesIPv6: true)))
    #expect(own.bridgeAddress.description == "fd01:2345:6789:ffff::1/64")
    let chosen = try subnet(try NetworkConfiguration(enablesIPv6: true, ipv6Subnet: "fd00:1::7/80"))
    #expect(chosen?.bridgeAddress.description == "fd00:1::1/80")
    #expect(throws: NetworkError.self) { try NetworkConfiguration(ipv6Subnet: "fd00:1::/64") }
    for text in ["fd00::/4", "fd00::/127", "10.0.0.0/8", "x"] {
      #expect(throws: NetworkError.self) { try NetworkConfiguration(enablesIPv6: true, ipv6Subnet: text) }
    }
  }
}
