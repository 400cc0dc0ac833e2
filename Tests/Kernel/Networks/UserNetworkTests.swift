import Glibc
import LinuxKernel
import Networks
import Testing

/// Networks that somebody makes. Needs root, iproute2, nftables and socat.
struct UserNetworkTests {
  private func request(
    _ name: String, _ subnet: String = "", isInternal: Bool = false, _ options: [String: String] = [:]
  ) -> NetworkRequest {
    var request = NetworkRequest()
    (request.name, request.isInternal, request.options) = (name, isInternal, options)
    var part = SubnetRequest()
    part.subnet = subnet
    request.subnets = [part]
    return request
  }

  private func attach(
    _ service: NetworkService, _ container: Container, to network: String, ports: [PortBinding] = [],
    address: String? = nil
  ) async throws -> Endpoint {
    var request = AttachmentRequest(containerID: container.id, pid: container.pid)
    (request.network, request.ports) = (network, ports)
    request.address = address.flatMap { IPv4Address($0) }
    return try await service.attach(request)
  }

  private let web8080 = [PortBinding(containerPort: 80, hostPorts: 8080...8080)]

  @Test func `a network is made, found, and removed with all that it had`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let before = (try lab.rules(), try lab.interfaces(lab.host))
        let network = try await service.create(request("front"))
        #expect(network.subnet?.prefix.description == "172.24.0.0/24")
        #expect(try lab.interfaces(lab.host).subtracting(before.1) == [network.bridge])
        #expect(try lab.rules().contains(network.bridge))
        #expect(try await service.network("front") == network)
        #expect(try await service.network(String(network.id.prefix(6))) == network)
        #expect(await service.all.map(\.name) == ["bridge", "host", "none", "front"])
        await #expect(throws: NetworkError.exists(name: "front")) { _ = try await service.create(request("front")) }
        try await service.remove("front")
        await #expect(throws: NetworkError.notFound("front")) { try await service.remove("front") }
        #expect(try lab.rules() == before.0)
        #expect(try lab.interfaces(lab.host) == before.1)
        #expect(await lab.store.networks().isEmpty)
      }
    }
  }

  @Test func `a hundred networks at once have a hundred subnets, and none of the host's`() async throws {
    try await Lab.run { lab in
      try shell("ip -n \(lab.host) route add 172.24.0.0/22 via 192.0.2.2")
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let before = (try lab.rules(), try lab.interfaces(lab.host))
        let subnets = try await withThrowingTaskGroup(of: String.self) { group in
          for number in 0..<100 {
            group.addTask { try await service.create(request("n\(number)")).subnet?.prefix.description ?? "" }
          }
          return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(subnets.count == 100)
        #expect(subnets.isDisjoint(with: ["172.24.0.0/24", "172.24.3.0/24"]) && subnets.contains("172.24.4.0/24"))
        #expect(try await service.prune { $0.name != "n7" }.count == 99)
        try await service.remove("n7")
        #expect(try lab.rules() == before.0)
        #expect(try lab.interfaces(lab.host) == before.1)
      }
    }
  }

  @Test(arguments: [
    ("172.30.5.0/24", "172.30.5.0/24 with 172.30.0.0/16 of network bridge"),
    ("192.0.2.0/25", "192.0.2.0/25 with 192.0.2.0/24 of interface wire0"),
    ("127.9.0.0/16", "127.9.0.0/16 with 127.0.0.0/8 of interface lo"),
    ("198.51.0.0/16", "198.51.0.0/16 with 198.51.100.0/24 of interface wire0"),
  ])
  func `a subnet that is somebody's is refused, and nothing is left`(subnet: String, problem: String) async throws {
    try await Lab.run { lab in
      try shell("ip -n \(lab.host) route add 198.51.100.0/24 via 192.0.2.2")
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let before = (try lab.rules(), try lab.interfaces(lab.host))
        await #expect {
          _ = try await service.create(request("n", subnet))
        } throws: {
          "\($0)".hasSuffix("Pool overlaps with other one on this address space: \(problem)")
        }
        #expect(try lab.rules() == before.0)
        #expect(try lab.interfaces(lab.host) == before.1)
        _ = try await service.create(request("n", "198.51.100.0/25").named("m", subnet: "203.0.113.0/24"))
      }
    }
  }

  @Test func `a bridge's name that is taken, a full disk, are refused, and nothing is left`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let name = "com.docker.network.bridge.name"
        await #expect(throws: NetworkError.self) { _ = try await service.create(request("n", "", [name: "wire0"])) }
        _ = try await service.create(request("first", "", [name: "br9", "com.docker.network.driver.mtu": "1400"]))
        #expect(try output("ip -n \(lab.host) link show br9").contains("mtu 1400"))
        await #expect {
          _ = try await service.create(request("second", "", [name: "br9"]))
        } throws: {
          "\($0)".contains("networks have same bridge name")
        }
        let before = (try lab.rules(), try lab.interfaces(lab.host))
        await lab.store.fill()
        await #expect(throws: NetworkError.self) { _ = try await service.create(request("third")) }
        #expect(try lab.rules() == before.0)
        #expect(try lab.interfaces(lab.host) == before.1)
        #expect(await service.all.map(\.name) == ["bridge", "host", "none", "first"])
      }
    }
  }

  @Test func `containers of one network reach one another, and none of another's`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        for name in ["a", "b"] { _ = try await service.create(request(name)) }
        let (one, two, other) = (
          try await lab.container("one"), try await lab.container("two"), try await lab.container("other")
        )
        let place = try await attach(service, one, to: "a", ports: web8080)
        _ = try await attach(service, two, to: "a")
        _ = try await attach(service, other, to: "b")
        try await lab.serve("one", port: 80, in: one.namespace)
        try await lab.serve("outside", port: 82, in: lab.outside)
        let address = place.ipv4
        #expect(try lab.ask(address, 80, from: two.namespace)?.hasPrefix("one 172.24.0.3") == true)
        #expect(try lab.ask(address, 80, from: other.namespace) == nil)
        #expect(try lab.ask("192.0.2.2", 82, from: other.namespace) == "outside 192.0.2.1")
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "one 192.0.2.2")
        for client in [one, two, other] {
          #expect(try lab.ask("192.0.2.1", 8080, from: client.namespace)?.hasPrefix("one ") == true)
        }
        await #expect {
          try await service.remove("a")
        } throws: {
          "\($0)".hasPrefix("error while removing network: network a has active endpoints (name:\"one\"")
        }
        #expect(try await service.prune { _ in true } == [])
      }
    }
  }

  @Test func `nothing leads out of an internal network, and nothing in`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request("a"))
        _ = try await service.create(request("inside", isInternal: true))
        let (one, two, web) = (
          try await lab.container("one"), try await lab.container("two"), try await lab.container("web")
        )
        let place = try await attach(
          service, one, to: "inside", ports: [PortBinding(containerPort: 80, hostPorts: 8081...8081)])
        #expect(place.ports.isEmpty && !place.isGateway)
        _ = try await attach(service, two, to: "inside")
        let reached = try await attach(service, web, to: "a", ports: web8080)
        try await lab.serve("one", port: 80, in: one.namespace)
        try await lab.serve("web", port: 80, in: web.namespace)
        try await lab.serve("outside", port: 82, in: lab.outside)
        #expect(try lab.ask(place.ipv4, 80, from: two.namespace)?.hasPrefix("one ") == true)
        // Whatever routes it makes itself.
        try shell("ip -n \(two.namespace) route add default via \(place.ipv4Gateway)")
        #expect(try lab.ask("192.0.2.2", 82, from: two.namespace) == nil)
        #expect(try lab.ask("192.0.2.1", 8080, from: two.namespace) == nil)
        #expect(try lab.ask(reached.ipv4, 80, from: two.namespace) == nil)
        #expect(try lab.ask(place.ipv4, 80, from: web.namespace) == nil)
        try shell("ip -n \(lab.outside) route add \(place.ipv4Gateway)/24 via 192.0.2.1 || true")
        #expect(try lab.ask(place.ipv4, 80, from: lab.outside) == nil)
      }
    }
  }

  @Test func `without connectivity containers of one network do not reach one another`()
    async throws
  {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request("a", "", ["com.docker.network.bridge.enable_icc": "false"]))
        let (one, two) = (try await lab.container("one"), try await lab.container("two"))
        let place = try await attach(service, one, to: "a", ports: web8080)
        _ = try await attach(service, two, to: "a")
        try await lab.serve("one", port: 80, in: one.namespace)
        #expect(try lab.ask(place.ipv4, 80, from: two.namespace) == nil)
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "one 192.0.2.2")
      }
    }
  }

  @Test func `without masquerading packets leave with the container's address`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(
          request("a", "", ["com.docker.network.bridge.enable_ip_masquerade": "false"]))
        let one = try await lab.container("one")
        let place = try await attach(service, one, to: "a")
        try shell("ip -n \(lab.outside) route add 172.24.0.0/24 via 192.0.2.1")
        try await lab.serve("outside", port: 82, in: lab.outside)
        #expect(try lab.ask("192.0.2.2", 82, from: one.namespace) == "outside \(place.ipv4)")
      }
    }
  }

  @Test func `a container on several networks has its ports and its way out where its gateway is`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        for name in ["a", "b"] { _ = try await service.create(request(name)) }
        let web = try await lab.container("web")
        try await lab.serve("web", port: 80, in: web.namespace)
        func route() throws -> String { try output("ip -n \(web.namespace) route show default") }
        let second = try await attach(service, web, to: "b", ports: web8080)
        #expect(try route().hasPrefix("default via \(second.ipv4Gateway) dev eth0"))
        let first = try await attach(service, web, to: "a", ports: web8080)
        #expect(first.interface == "eth1" && first.ports.map(\.hostPort) == [8080])
        #expect(try route().hasPrefix("default via \(first.ipv4Gateway) dev eth1"))
        #expect(try lab.rules().contains("6 . 8080 : \(first.ipv4) . 80"))
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "web 192.0.2.2")
        await #expect(throws: NetworkError.attached(containerID: web.id)) {
          _ = try await attach(service, web, to: "a")
        }
        try await service.detach(containerID: web.id, from: "a", pid: web.pid)
        #expect(try route().hasPrefix("default via \(second.ipv4Gateway) dev eth0"))
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "web 192.0.2.2")
        #expect(try lab.interfaces(web.namespace) == ["eth0"])
        try await service.detach(containerID: web.id, from: "b", pid: web.pid)
        #expect(try lab.interfaces(web.namespace).isEmpty)
        #expect(await lab.store.endpoints().isEmpty)
        // The port is free again.
        let next = try await lab.container("next")
        _ = try await attach(service, next, to: "b", ports: web8080, address: "172.24.1.77")
        #expect(try lab.rules().contains("6 . 8080 : 172.24.1.77 . 80"))
      }
    }
  }

  @Test func `the next manager finds the networks, even those whose bridge is gone`() async throws {
    try await Lab.run { lab in
      let web = try await lab.container("web")
      var made: [Network] = []
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        for name in ["a", "b"] { made.append(try await service.create(request(name))) }
        for name in ["b", "a"] { _ = try await attach(service, web, to: name, ports: web8080) }
      }
      try await lab.serve("web", port: 80, in: web.namespace)
      try shell("ip netns exec \(lab.host) nft flush ruleset && ip -n \(lab.host) link del \(made[0].bridge)")
      try await lab.withNetwork { service in
        try await service.restore(live: [web.id])
        #expect(await service.all.dropFirst(3) == made[...])
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "web 192.0.2.2")
        #expect(await service.endpoints(of: web.id).map(\.isGateway).sorted { !$0 && $1 } == [false, true])
        // Nothing is given twice.
        #expect(try await service.create(request("c")).subnet?.prefix.description == "172.24.2.0/24")
        try await service.detach(containerID: web.id)
        for name in ["a", "b", "c"] { try await service.remove(name) }
        try await service.removeAll()
        #expect(try lab.interfaces(lab.host) == ["wire0"])
        #expect(try lab.rules() == "")
      }
    }
  }
}

extension NetworkRequest {
  fileprivate func named(_ name: String, subnet: String) -> NetworkRequest {
    var request = self
    request.name = name
    request.subnets[0].subnet = subnet
    return request
  }
}
