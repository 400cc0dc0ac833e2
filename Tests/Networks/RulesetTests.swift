import LinuxKernel
import Testing

@testable import Networks

struct RulesetTests {
  private func ruleset(_ bridge: String = "proa0") throws -> Ruleset {
    Ruleset(table: try NetworkConfiguration(bridge: bridge, address: "10.9.0.1/24").table)
  }

  private func member(_ bridge: String, _ subnet: String) -> Ruleset.Member {
    Ruleset.Member(bridge: bridge, subnet: IPv4Prefix(subnet))
  }

  private func target(_ hostAddress: UInt32, _ hostPort: UInt16, _ transport: TransportProtocol = .tcp)
    -> Ruleset.Target
  {
    Ruleset.Target(
      port: PublishedPort(
        containerPort: 80, transport: transport, hostAddress: .v4(IPv4Address(rawValue: hostAddress)),
        hostPort: hostPort),
      container: .v4(IPv4Address(rawValue: 0x0A09_0002)))
  }

  /// nft looks up any other name in /etc/protocols, which not every machine has.
  @Test func `protocols have names that nft knows by itself`() {
    let rules = Ruleset(table: "proa", families: [.ipv4, .ipv6]).replacing([], [])
    let words = rules.split { $0.isWhitespace }.map(String.init)
    let named = zip(words, words.dropFirst()).filter { $0.0 == "l4proto" }.map(\.1)
    #expect(Set(named).subtracting(["{", "."]) == ["icmp", "icmpv6"])
  }

  @Test func `ports become elements of two maps`() throws {
    let targets = [target(0, 8080), target(0x7F00_0001, 81), target(0, 53, .udp)]
    #expect(
      try ruleset().adding(targets) == """
        add element ip proa any_address_ports { tcp . 8080 : 10.9.0.2 . 80, udp . 53 : 10.9.0.2 . 80 }
        add element ip proa ports { 127.0.0.1 . tcp . 81 : 10.9.0.2 . 80 }
        """)
    #expect(
      try ruleset().deleting(targets) == """
        delete element ip proa any_address_ports { tcp . 8080, udp . 53 }
        delete element ip proa ports { 127.0.0.1 . tcp . 81 }
        """)
    #expect(try ruleset().adding([Ruleset.Target]()).isEmpty)
  }

  @Test func `networks become elements of sets`() throws {
    var inner = member("br-2", "10.8.0.0/16")
    (inner.isInternal, inner.connectsContainers) = (true, false)
    #expect(
      try ruleset().adding([member("proa0", "10.9.0.0/24"), inner]) == """
        add element ip proa bridges { "proa0", "br-2" }
        add element ip proa internal_bridges { "br-2" }
        add element ip proa neighbours { "proa0" . "proa0" }
        add element ip proa subnets { 10.9.0.0/24, 10.8.0.0/16 }
        add element ip proa masqueraded { 10.9.0.0/24 }
        """)
    #expect(
      try ruleset().deleting([inner]) == """
        delete element ip proa bridges { "br-2" }
        delete element ip proa internal_bridges { "br-2" }
        delete element ip proa subnets { 10.8.0.0/16 }
        """)
  }

  @Test func `a gateway's mode says who gets in, and in whose name what leaves`() throws {
    var (routed, unprotected) = (member("br-1", "10.7.0.0/24"), member("br-2", "10.8.0.0/24"))
    (routed.ipv4Mode, unprotected.ipv4Mode) = (.routed, .unprotected)
    #expect(
      try ruleset().adding([routed, unprotected]) == """
        add element ip proa bridges { "br-1", "br-2" }
        add element ip proa neighbours { "br-1" . "br-1", "br-2" . "br-2" }
        add element ip proa subnets { 10.7.0.0/24, 10.8.0.0/24 }
        add element ip proa masqueraded { 10.8.0.0/24 }
        add element ip proa routed { "br-1" }
        add element ip proa unprotected { "br-2" }
        """)
    #expect(
      try ruleset().adding([target(0, 0), target(0, 81)]) == """
        add element ip proa open_ports { 10.9.0.2 . tcp . 80 }
        add element ip proa any_address_ports { tcp . 81 : 10.9.0.2 . 80 }
        """)
  }

  @Test func `IPv6 has a table of its own, which knows every bridge`() throws {
    var ruleset = try ruleset()
    ruleset.families = [.ipv4, .ipv6]
    var both = member("br-2", "10.8.0.0/16")
    both.ipv6Subnet = IPv6Prefix("fd08::/64")
    let text = ruleset.adding([member("proa0", "10.9.0.0/24"), both])
    #expect(text.contains("add element ip6 proa bridges { \"proa0\", \"br-2\" }\n"))
    #expect(
      text.hasSuffix("add element ip6 proa subnets { fd08::/64 }\nadd element ip6 proa masqueraded { fd08::/64 }"))
    let container = IPAddress.v6(try #require(IPv6Address("fd08::2")))
    let targets = ["::", "::1"].compactMap { IPAddress($0) }.map { address in
      Ruleset.Target(
        port: PublishedPort(containerPort: 80, transport: .tcp, hostAddress: address, hostPort: 81),
        container: container)
    }
    #expect(
      ruleset.adding(targets + [target(0, 81)]) == """
        add element ip proa any_address_ports { tcp . 81 : 10.9.0.2 . 80 }
        add element ip6 proa any_address_ports { tcp . 81 : fd08::2 . 80 }
        add element ip6 proa ports { ::1 . tcp . 81 : fd08::2 . 80 }
        """)
    #expect(ruleset.removing.contains("delete table ip6 proa"))
    #expect(!(try self.ruleset().replacing([both], [])).contains("ip6"))
  }

  @Test func `the number of rules does not depend on the number of ports and networks`() throws {
    func rules(_ count: Int) throws -> Int {
      let members = (0..<count).map { member("br-\($0)", "10.\($0 / 256).\($0 % 256).0/24") }
      let text = try ruleset().replacing(members, (0..<count).map { target(0, UInt16(1000 + $0)) })
      return text.split(separator: "\n").filter { !$0.hasPrefix("add element") }.count
    }
    #expect(try rules(0) == rules(1000))
  }

  @Test(arguments: [("proa0", "proa"), ("proa1", "proa-proa1")])
  func `each bridge has a table of its own`(bridge: String, table: String) throws {
    let text = try ruleset(bridge).replacing([], [])
    #expect(text.hasPrefix("add table ip \(table)\ndelete table ip \(table)\ntable ip \(table) {\n"))
  }

  @Test(arguments: ["", "-x", "a b", "a\"b", "a;b", "a/b", "sixteen-bytes-xx", "é", "a.b"])
  func `a bridge's name cannot be read as anything else`(bridge: String) {
    #expect(throws: NetworkError.self) { try NetworkConfiguration(bridge: bridge) }
  }

  @Test(arguments: ["", "172.30.0.1", "172.30.0.0/16", "172.30.255.255/16", "172.30.0.1/31", "0.0.0.1/0", "fd00::1/64"])
  func `a bridge's address must be a host's in a subnet with room`(address: String) {
    #expect(throws: NetworkError.self) { try NetworkConfiguration(address: address) }
  }
}
