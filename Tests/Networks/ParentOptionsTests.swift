import LinuxKernel
import Testing

@testable import Networks

/// What the drivers `macvlan` and `ipvlan` are asked for.
struct ParentOptionsTests {
  @Test(arguments: [
    (StackedLink.macvlan(.bridge), StackedLink.macvlan(.vepa), true),
    (.macvlan(.bridge), .ipvlan(.l2, .bridge), false), (.ipvlan(.l2, .bridge), .macvlan(.bridge), false),
    (.ipvlan(.l2, .bridge), .ipvlan(.l2, .bridge), false), (.ipvlan(.l3, .bridge), .ipvlan(.l2, .bridge), false),
    (.ipvlan(.l2, .isolated), .ipvlan(.l2, .bridge), false),
  ])
  func `an interface carries one kind, of ipvlan one network`(link: StackedLink, other: StackedLink, expected: Bool) {
    #expect(link.goes(with: other) == expected)
  }

  @Test(
    arguments: [
      (.macvlan, [:], "", .macvlan(.bridge)),
      (.macvlan, ["parent": "eth0.50", "macvlan_mode": "private"], "eth0.50", .macvlan(.isolated)),
      (.macvlan, ["macvlan_mode": "vepa", "of.somebody": "else"], "", .macvlan(.vepa)),
      (.macvlan, ["macvlan_mode": "passthru"], "", .macvlan(.passthru)),
      (.ipvlan, ["parent": "eth0"], "eth0", .ipvlan(.l2, .bridge)),
      (.ipvlan, ["ipvlan_mode": "l3", "ipvlan_flag": "vepa"], "", .ipvlan(.l3, .vepa)),
      (.ipvlan, ["ipvlan_mode": "l3s", "ipvlan_flag": "private"], "", .ipvlan(.l3s, .isolated)),
    ] as [(Network.Driver, [String: String], String, StackedLink)])
  func `options are what they say`(
    driver: Network.Driver, options: [String: String], parent: String, link: StackedLink
  ) throws {
    let read = try ParentOptions(driver, options)
    #expect(read.parent == parent && read.link == link && read.mtu == nil)
    #expect(try ParentOptions(driver, ["com.docker.network.driver.mtu": "1400"]).mtu == 1400)
  }

  @Test(
    arguments: [
      (
        .macvlan, "macvlan_mode", "x",
        "requested macvlan mode 'x' is not valid, 'bridge' mode is the macvlan driver default"
      ),
      (.ipvlan, "ipvlan_mode", "x", "requested ipvlan mode 'x' is not valid, 'l2' mode is the ipvlan driver default"),
      (.ipvlan, "ipvlan_flag", "x", "requested ipvlan flag 'x' is not valid, 'bridge' is the ipvlan driver default"),
      (.macvlan, "parent", "lo", "loopback interface is not a valid macvlan parent link"),
      (
        .macvlan, "parent", "a b",
        "invalid parent interface \"a b\": expected 1 to 15 bytes without spaces, / and :"
      ),
      (
        .macvlan, "com.docker.network.bridge.name", "br0",
        "the option com.docker.network.bridge.name of the driver macvlan is not supported yet"
      ),
      (
        .macvlan, "ipvlan_mode", "l3", "the option ipvlan_mode of the driver macvlan is not supported yet"
      ),
    ] as [(Network.Driver, String, String, String)])
  func `what cannot be is refused`(driver: Network.Driver, name: String, value: String, message: String) {
    #expect { try ParentOptions(driver, [name: value]) } throws: { "\($0)" == message }
  }

  @Test func `an interface with a point is a VLAN of another one`() throws {
    #expect(try ParentInterface.origin(of: "eth0.50") == .vlan(of: "eth0", 50))
    for (name, message) in [
      ("eth1", "invalid subinterface vlan name eth1, example formatting is eth0.10"),
      (
        "a.b.5", "required interface name format is: name.vlan_id, ex. eth0.10 for vlan 10, instead received a.b.5"
      ),
      ("eth0.x", "unable to parse a valid vlan id from: x (ex. eth0.10 for vlan 10)"),
      ("eth0.4095", "vlan id must be between 1-4094, received: 4095"),
      ("eth0.0", "vlan id must be between 1-4094, received: 0"),
      (".7", "-o parent interface does was not found on the host: "),
    ] {
      #expect(throws: NetworkError.invalid(message)) { try ParentInterface.origin(of: name) }
    }
  }

  @Test func `several subnets of one family are refused by name`() {
    var request = NetworkRequest()
    (request.name, request.driver) = ("n", "macvlan")
    request.subnets = ["10.9.0.0/24", "10.8.0.0/24"].map { subnet in
      var part = SubnetRequest()
      part.subnet = subnet
      return part
    }
    #expect(throws: NetworkError.unsupported("a macvlan network with several subnets")) { try request.checked() }
  }
}
