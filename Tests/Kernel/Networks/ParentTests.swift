import LinuxKernel
import Networks
import Testing

/// What networks on an interface of the host have to do with one another, and with the bridges. Needs root, iproute2, nftables and
/// socat.
struct ParentTests {
  private let web8080 = [PortBinding(containerPort: 80, hostPorts: 8080...8080)]

  func request(_ name: String, _ options: [String: String] = [:], subnet: String = "") -> NetworkRequest {
    var request = NetworkRequest()
    (request.name, request.driver) = (name, "macvlan")
    request.options = ["parent": "wire0"].merging(options) { $1 }
    if !subnet.isEmpty {
      var part = SubnetRequest()
      part.subnet = subnet
      request.subnets = [part]
    }
    return request
  }

  func attach(
    _ service: NetworkService, _ container: Container, to network: String,
    _ change: (inout AttachmentRequest) -> Void = { _ in }
  ) async throws -> Endpoint {
    var request = AttachmentRequest(containerID: container.id, pid: container.pid)
    (request.network, request.ports) = (network, web8080)
    change(&request)
    return try await service.attach(request)
  }

  /// A network as an earlier manager left it, whose parent it had made.
  private func made(_ name: String, on parent: String) -> Network {
    var network = Network()
    (network.id, network.name, network.driver) = (String(repeating: name, count: 64), name, .macvlan)
    (network.parent, network.hasMadeParent, network.options) = (parent, true, ["parent": parent])
    return network
  }

  @Test func `what is published outlives a gateway that publishes nothing, and one that could not be`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        // Before `bridge` by name, and so the gateway.
        _ = try await service.create(request("alan"))
        let (web, other) = (try await lab.container("web"), try await lab.container("other"))
        _ = try await attach(service, web, to: "bridge")
        try await lab.serve("web", port: 80, in: web.namespace)
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "web 192.0.2.2")
        #expect(try await attach(service, web, to: "alan").isGateway)
        #expect(await service.endpoints(of: web.id).allSatisfy(\.published.isEmpty))
        #expect(try !lab.rules().contains("8080"))
        await #expect(throws: NetworkError.portAllocated(hostAddress: .v4(.any), hostPort: 8080)) {
          _ = try await attach(service, other, to: "bridge")
        }
        try await service.detach(containerID: web.id, from: "alan", pid: web.pid)
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "web 192.0.2.2")
        await #expect(throws: NetworkError.self) {
          _ = try await attach(service, web, to: "alan") {
            $0.options = ["com.docker.network.endpoint.sysctls": "net.ipv4.conf.IFNAME.nobody=1"]
          }
        }
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "web 192.0.2.2")
        // Off the bridge nothing is kept.
        _ = try await attach(service, web, to: "alan")
        try await service.detach(containerID: web.id, from: "bridge", pid: web.pid)
        _ = try await attach(service, other, to: "bridge")
        try await service.detach(containerID: web.id)
        try await service.detach(containerID: other.id)
        #expect(await lab.store.endpoints().isEmpty)
      }
    }
  }

  @Test func `the next manager publishes what waits for its gateway`() async throws {
    try await Lab.run { lab in
      let web = try await lab.container("web")
      let wish = request("alan")
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(wish)
        _ = try await attach(service, web, to: "bridge")
        _ = try await attach(service, web, to: "alan")
      }
      try await lab.serve("web", port: 80, in: web.namespace)
      try await lab.withNetwork { service in
        try await service.restore(live: [web.id])
        #expect(try !lab.rules().contains("8080"))
        try await service.detach(containerID: web.id, from: "alan", pid: web.pid)
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "web 192.0.2.2")
      }
    }
  }

  @Test func `what was made for networks goes with the last of them, however they go`() async throws {
    try await Lab.run { lab in
      // In the place of a VLAN, which not every kernel has.
      try shell("ip -n \(lab.host) link add wire0.50 type veth peer name over50")
      for name in ["a", "b", "c"] { try await lab.store.insert(made(name, on: "wire0.50")) }
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        try await withThrowingTaskGroup { group in
          for name in ["a", "b"] { group.addTask { try await service.remove(name) } }
          try await group.waitForAll()
        }
        #expect(try lab.interfaces(lab.host).contains("wire0.50"))
        // It leaves it to one that is being made, and cannot be.
        await lab.store.refuse { try await service.remove("c") }
        await #expect(throws: (any Error).self) {
          _ = try await service.create(request("d", ["parent": "wire0.50"]))
        }
        #expect(await service.all.count == 3)
        #expect(try lab.interfaces(lab.host) == ["wire0", "proa0"])
      }
    }
  }

  @Test func `the last two of them may go at once`() async throws {
    try await Lab.run { lab in
      try shell("ip -n \(lab.host) link add wire0.50 type veth peer name over50")
      for name in ["a", "b"] { try await lab.store.insert(made(name, on: "wire0.50")) }
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        await lab.store.forget { try await service.remove("b") }
        try await service.remove("a")
        #expect(try lab.interfaces(lab.host) == ["wire0", "proa0"])
      }
    }
  }

  @Test func `an interface carries networks of one kind`() async throws {
    try await Lab.run { lab in
      var network = made("e", on: "wire0")
      (network.driver, network.hasMadeParent) = (.ipvlan, false)
      try await lab.store.insert(network)
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let message = "network di-eeeeeeeeeeee is already using parent interface wire0"
        await #expect(throws: NetworkError.forbidden(message)) { _ = try await service.create(request("lan")) }
      }
    }
  }

  @Test func `what there is but once is refused at once, and who has it is told`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let (one, two) = (try await lab.container("one"), try await lab.container("two"))
        _ = try await service.create(request("lan", ["macvlan_mode": "passthru"]))
        _ = try await attach(service, one, to: "lan")
        await #expect(
          throws: NetworkError.forbidden("container one has the parent interface wire0 for itself (mode passthru)")
        ) { _ = try await attach(service, two, to: "lan") }
        try await service.detach(containerID: one.id, from: "lan", pid: one.pid)
        let place = try await attach(service, two, to: "lan")
        #expect(place.interface == "eth0")
        try await service.detach(containerID: two.id, from: "lan", pid: two.pid)
        try await service.remove("lan")
        _ = try await service.create(request("lan"))
        let address = try #require(MACAddress("02:42:99:00:00:01"))
        _ = try await attach(service, one, to: "lan") { $0.macAddress = address }
        await #expect(
          throws: NetworkError.forbidden("container one has the address \(address) on the parent interface wire0")
        ) { _ = try await attach(service, two, to: "lan") { $0.macAddress = address } }
        #expect(await service.endpoints(of: two.id).isEmpty)
      }
    }
  }

  @Test func `an internal network keeps its parent, and has no gateway`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        var inner = request("lan", subnet: "192.0.2.0/24")
        inner.isInternal = true
        #expect(try await service.create(inner).parent == "wire0")
        let one = try await lab.container("one")
        let place = try await attach(service, one, to: "lan") { $0.address = IPv4Address("192.0.2.77") }
        #expect(!place.isGateway)
        #expect(try output("ip -n \(one.namespace) route show default").isEmpty)
        try await lab.serve("one", port: 80, in: one.namespace)
        #expect(try lab.ask("192.0.2.77", 80, from: lab.outside) == "one 192.0.2.2")
      }
    }
  }

  @Test func `a parent that was made is made again for the next container`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let network = try await service.create(request("alone", ["parent": ""]))
        try shell("ip -n \(lab.host) link del \(network.parent)")
        #expect(try await !attach(service, try await lab.container("one"), to: "alone").isGateway)
        #expect(try lab.interfaces(lab.host).contains(network.parent))
      }
    }
  }
}
