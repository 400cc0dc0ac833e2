import LinuxKernel
import Testing

@testable import Networks

struct RulesetTests {
  private func ruleset(_ bridge: String = "proa0") throws -> Ruleset {
    Ruleset(try NetworkConfiguration(bridge: bridge, address: "10.9.0.1/24"))
  }

  private func target(_ hostAddress: UInt32, _ hostPort: UInt16, _ transport: TransportProtocol = .tcp)
    -> Ruleset.Target
  {
    Ruleset.Target(
      port: PublishedPort(
        containerPort: 80, transport: transport, hostAddress: IPv4Address(rawValue: hostAddress), hostPort: hostPort),
      container: IPv4Address(rawValue: 0x0A09_0002))
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
    #expect(try ruleset().adding([]).isEmpty)
  }

  @Test func `the number of rules does not depend on the number of ports`() throws {
    func rules(_ count: Int) throws -> Int {
      let text = try ruleset().replacing((0..<count).map { target(0, UInt16(1000 + $0)) })
      return text.split(separator: "\n").filter { !$0.hasPrefix("add element") }.count
    }
    #expect(try rules(0) == rules(1000))
  }

  @Test(arguments: [("proa0", "proa"), ("proa1", "proa-proa1")])
  func `each bridge has a table of its own`(bridge: String, table: String) throws {
    let text = try ruleset(bridge).replacing([])
    #expect(text.hasPrefix("add table ip \(table)\ndelete table ip \(table)\ntable ip \(table) {\n"))
    #expect(text.contains("oifname != \"\(bridge)\" ip saddr 10.9.0.0/24 masquerade\n"))
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
