import LinuxKernel
import Networks
import Testing

/// How a network and the world reach one another. Needs root, iproute2, nftables, busybox and socat.
struct GatewayModeTests {
  private let bridge = "com.docker.network.bridge"

  private func request(_ name: String, _ options: [String: String], isInternal: Bool = false) -> NetworkRequest {
    var request = NetworkRequest()
    (request.name, request.options, request.isInternal) = (name, options, isInternal)
    return request
  }

  private func attach(
    _ service: NetworkService, _ container: Container, to network: String, ports: [PortBinding] = []
  ) async throws -> Endpoint {
    var request = AttachmentRequest(containerID: container.id, pid: container.pid)
    (request.network, request.ports) = (network, ports)
    return try await service.attach(request)
  }

  private let web8080 = [PortBinding(containerPort: 80, hostPorts: 8080...8080)]

  @Test func `a routed network is reached by its own addresses, where ports are published`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request("open", ["\(bridge).gateway_mode_ipv4": "routed"]))
        _ = try await service.create(request("other", [:]))
        let (web, stranger) = (try await lab.container("web"), try await lab.container("stranger"))
        let before = try lab.rules()
        let place = try await attach(service, web, to: "open", ports: web8080)
        #expect(place.ports.map(\.hostPort) == [0])
        _ = try await attach(service, stranger, to: "other")
        try shell("ip -n \(lab.outside) route add 172.24.0.0/24 via 192.0.2.1")
        for port in [80, 90] { try await lab.serve("web\(port)", port: port, in: web.namespace) }
        try await lab.serve("outside", port: 82, in: lab.outside)
        #expect(try lab.ask(place.ipv4, 80, from: lab.outside) == "web80 192.0.2.2")
        #expect(try lab.ask(place.ipv4, 90, from: lab.outside) == nil)
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == nil)
        #expect(try lab.ask("192.0.2.2", 82, from: web.namespace) == "outside \(place.ipv4)")
        #expect(try lab.ask(place.ipv4, 80, from: stranger.namespace)?.hasPrefix("web80") == true)
        #expect(try lab.ask(place.ipv4, 90, from: stranger.namespace) == nil)
        try shell("ip netns exec \(lab.outside) busybox ping -c1 -W2 \(place.ipv4)")
        try await service.detach(containerID: web.id)
        try await service.detach(containerID: stranger.id)
        #expect(try lab.rules() == before)
      }
    }
  }

  @Test func `an address of the host has no place where containers are routed to`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request("open", ["\(bridge).gateway_mode_ipv4": "routed"]))
        let web = try await lab.container("web")
        let there = [try PortBinding(port: "80", hostIP: "127.0.0.1", hostPort: "8080")]
        await #expect {
          _ = try await attach(service, web, to: "open", ports: there)
        } throws: {
          "\($0)".hasPrefix("port 80 cannot be published at 127.0.0.1: ")
        }
        #expect(try lab.interfaces(web.namespace).isEmpty)
      }
    }
  }

  @Test func `every port of an unprotected network is reached, but not from other networks`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request("open", ["\(bridge).gateway_mode_ipv4": "nat-unprotected"]))
        _ = try await service.create(request("other", [:]))
        let (web, stranger) = (try await lab.container("web"), try await lab.container("stranger"))
        let place = try await attach(service, web, to: "open", ports: web8080)
        _ = try await attach(service, stranger, to: "other")
        try shell("ip -n \(lab.outside) route add 172.24.0.0/24 via 192.0.2.1")
        for port in [80, 90] { try await lab.serve("web\(port)", port: port, in: web.namespace) }
        try await lab.serve("outside", port: 82, in: lab.outside)
        #expect(try lab.ask(place.ipv4, 90, from: lab.outside) == "web90 192.0.2.2")
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "web80 192.0.2.2")
        #expect(try lab.ask("192.0.2.2", 82, from: web.namespace) == "outside 192.0.2.1")
        #expect(try lab.ask(place.ipv4, 90, from: stranger.namespace) == nil)
      }
    }
  }

  @Test(arguments: [("gateway_mode_ipv4", "isolated", true), ("inhibit_ipv4", "true", false)])
  func `the host itself has no place on the bridge`(option: String, value: String, isInternal: Bool) async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let network = try await service.create(request("away", ["\(bridge).\(option)": value], isInternal: isInternal))
        let (one, two) = (try await lab.container("one"), try await lab.container("two"))
        let place = try await attach(service, one, to: "away")
        _ = try await attach(service, two, to: "away")
        #expect(!(try output("ip -n \(lab.host) addr show \(network.bridge)").contains("inet ")))
        try await lab.serve("one", port: 80, in: one.namespace)
        #expect(try lab.ask(place.ipv4, 80, from: two.namespace)?.hasPrefix("one ") == true)
        #expect(try lab.ask(place.ipv4, 80, from: lab.host) == nil)
      }
    }
  }
}
