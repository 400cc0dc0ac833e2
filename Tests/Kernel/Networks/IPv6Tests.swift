import LinuxKernel
import Networks
import Testing

/// Networks with IPv6. Needs root, iproute2, nftables and socat.
struct IPv6Tests {
  private func request(_ name: String, _ subnet: String = "", isInternal: Bool = false) -> NetworkRequest {
    var request = NetworkRequest()
    (request.name, request.enablesIPv6, request.isInternal) = (name, true, isInternal)
    var part = SubnetRequest()
    part.subnet = subnet
    request.subnets = [part]
    return request
  }

  private func attach(
    _ service: NetworkService, _ container: Container, to network: String, ports: [PortBinding] = [],
    address: String = ""
  ) async throws -> Endpoint {
    var request = AttachmentRequest(containerID: container.id, pid: container.pid)
    (request.network, request.ports, request.names) = (network, ports, [container.id])
    request.ipv6Address = IPv6Address(address)
    return try await service.attach(request)
  }

  private func text(_ endpoint: Endpoint) -> [String] { endpoint.addresses.map(\.description) }

  private let web8080 = [PortBinding(containerPort: 80, hostPorts: 8080...8080)]

  /// The wire to the world has IPv6 too: 2001:db8::1 and 2001:db8::2.
  private func addWire(_ lab: Lab) throws {
    for (namespace, number) in [(lab.host, 1), (lab.outside, 2)] {
      try shell("ip -n \(namespace) addr add 2001:db8::\(number)/64 dev wire0 nodad")
    }
  }

  @Test func `a network gets unique local addresses, and all goes with it`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let before = (try lab.rules(), try lab.interfaces(lab.host))
        let network = try await service.create(request("six"))
        let subnet = try #require(network.ipv6Subnet)
        #expect(subnet.prefix.length == 64 && subnet.prefix.first.bytes[0] == 0xFD)
        #expect(try await service.create(request("other")).ipv6Subnet?.prefix != subnet.prefix)
        let web = try await lab.container("web")
        let endpoint = try await attach(service, web, to: "six")
        #expect(endpoint.ipv6Address?.rawValue == subnet.prefix.first.rawValue + 2)
        #expect(try lab.rules().contains("table ip6 proa"))
        try await service.detach(containerID: web.id)
        for name in ["six", "other"] { try await service.remove(name) }
        #expect(try lab.interfaces(lab.host) == before.1)
        #expect(try lab.rules() == before.0)
      }
    }
  }

  @Test func `containers, their host and the world reach one another as they may`() async throws {
    try await Lab.run { lab in
      try addWire(lab)
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        for (name, subnet) in [("six", "fd06::/64"), ("other", "fd07::/64")] {
          _ = try await service.create(request(name, subnet))
        }
        let (web, friend, stranger) = (
          try await lab.container("web"), try await lab.container("friend"), try await lab.container("stranger")
        )
        #expect(text(try await attach(service, web, to: "six", ports: web8080)) == ["172.24.0.2", "fd06::2"])
        #expect(text(try await attach(service, friend, to: "six", address: "fd06::77")) == ["172.24.0.3", "fd06::77"])
        _ = try await attach(service, stranger, to: "other")
        try await lab.serve("web", port: 80, isIPv6: true, in: web.namespace)
        try await lab.serve("hidden", port: 90, isIPv6: true, in: web.namespace)
        try await lab.serve("outside", port: 82, isIPv6: true, in: lab.outside)
        #expect(try lab.ask("fd06::2", 90, from: lab.host) == "hidden fd06::1")
        #expect(try lab.ask("fd06::2", 90, from: friend.namespace) == "hidden fd06::77")
        #expect(try lab.ask("fd06::2", 90, from: stranger.namespace) == nil)
        #expect(try lab.ask("2001:db8::2", 82, from: web.namespace) == "outside 2001:db8::1")
        // What is published is published at all addresses of the host.
        #expect(try lab.ask("2001:db8::1", 8080, from: lab.outside) == "web 2001:db8::2")
        #expect(try lab.ask("2001:db8::1", 8080, from: lab.host) == "web 2001:db8::1")
        #expect(try lab.ask("fd06::1", 8080, from: web.namespace) == "web fd06::1")
        #expect(try lab.ask("2001:db8::1", 8080, from: stranger.namespace) == "web fd06::1")
        #expect(try lab.ask("2001:db8::1", 90, from: lab.outside) == nil)
        // A neighbour that knows the way to the subnet gets in neither by the open nor by the published port.
        try shell("ip -n \(lab.outside) -6 route add fd06::/64 via 2001:db8::1")
        #expect(try lab.ask("fd06::2", 90, from: lab.outside) == nil)
        #expect(try lab.ask("fd06::2", 80, from: lab.outside) == nil)
        #expect(try output("cat \(lab.names)/*").contains("fd06::2 web\n"))
        try await service.detach(containerID: web.id)
        #expect(try lab.ask("2001:db8::1", 8080, from: lab.outside) == nil)
      }
    }
  }

  @Test func `what is published is reached from the host's own ::1, where bridged packets pass no filter twice`()
    async throws
  {
    try await Lab.run { lab in
      // Where br_netfilter is not loaded there is no such file.
      try shell(
        "ip netns exec \(lab.host) sh -c 'f=/proc/sys/net/bridge/bridge-nf-call-ip6tables; [ ! -e $f ] || echo 0 >$f'")
      try addWire(lab)
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request("six", "fd06::/64"))
        let web = try await lab.container("web")
        let ports = try ["", "::1"].enumerated().map {
          try PortBinding(port: "80", hostIP: $0.element, hostPort: "808\($0.offset)")
        }
        let endpoint = try await attach(service, web, to: "six", ports: ports)
        #expect(
          endpoint.ports.map { $0.hostAddress.with(port: $0.hostPort) } == ["0.0.0.0:8080", "[::]:8080", "[::1]:8081"])
        try await lab.serve("web", port: 80, isIPv6: true, in: web.namespace)
        #expect(try lab.ask("::1", 8080, from: lab.host) == "web fd06::1")
        #expect(try lab.ask("::1", 8081, from: lab.host) == "web fd06::1")
        #expect(try lab.ask("2001:db8::1", 8081, from: lab.outside) == nil)
        // Nobody else comes by that way: what has ::1 on the wire is dropped.
        try await lab.serve("secret", port: 99, isIPv6: true, in: lab.host)
        try shell(
          "ip -n \(web.namespace) addr del ::1/128 dev lo && ip -n \(web.namespace) -6 route add ::1 via fd06::1 dev eth0"
        )
        #expect(try lab.ask("::1", 99, from: web.namespace) == nil)
        #expect(try lab.ask("::1", 99, from: lab.host) == "secret ::1")
      }
    }
  }

  @Test func `without IPv6 nothing of it stays on the default bridge, and containers that have it keep it on`()
    async throws
  {
    try await Lab.run { lab in
      let web = try await lab.container("web")
      try await lab.withNetwork(ipv6Subnet: "fd09::/64") { service in
        try await service.restore(live: [])
        _ = try await attach(service, web, to: "bridge")
      }
      func addresses() throws -> String { try output("ip -n \(lab.host) -6 addr show dev proa0 scope global") }
      try await lab.withNetwork { service in
        let message = "bridge proa0 has containers with addresses of IPv6 (web); stop them, or keep --ipv6"
        await #expect(throws: NetworkError.invalid(message)) { try await service.restore(live: [web.id]) }
      }
      try await lab.withNetwork(ipv6Subnet: "fd0a::/64") { service in
        let message =
          "bridge proa0 has the address fd09::1/64 and containers that use it; stop them, or keep --fixed-cidr-v6 fd09::/64"
        await #expect(throws: NetworkError.invalid(message)) { try await service.restore(live: [web.id]) }
      }
      #expect(try addresses().contains("fd09::1/64"))
      try await lab.withNetwork { service in try await service.restore(live: []) }
      #expect(try addresses().isEmpty)
      #expect(try !output("ip -n \(lab.host) -6 route show").contains("fd09::"))
    }
  }

  @Test func `the default network's subnet is none of another network's`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request("six", "fd06::/64"))
      }
      try await lab.withNetwork(ipv6Subnet: "fd06::/48") { service in
        let message =
          "the default network's subnet fd06::/48 overlaps with fd06::/64 of the network six; choose another with --fixed-cidr-v6"
        await #expect(throws: NetworkError.invalid(message)) { try await service.restore(live: []) }
      }
    }
  }

  @Test func `a network may be without IPv4`() async throws {
    try await Lab.run { lab in
      try addWire(lab)
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        var only = request("only", "fd06::/64")
        only.enablesIPv4 = false
        let network = try await service.create(only)
        #expect(network.subnet == nil)
        let web = try await lab.container("web")
        let endpoint = try await attach(service, web, to: "only", ports: web8080)
        #expect(text(endpoint) == ["fd06::2"] && endpoint.macAddress.description == "02:42:00:00:00:02")
        #expect(endpoint.ports.map(\.hostAddress.isIPv6) == [true])
        try await lab.serve("web", port: 80, isIPv6: true, in: web.namespace)
        #expect(try lab.ask("2001:db8::1", 8080, from: lab.outside) == "web 2001:db8::2")
        #expect(try output("ip -n \(web.namespace) -4 addr show dev eth0").isEmpty)
        // With a second network it has IPv4 as well, and the port there.
        let second = try await attach(service, web, to: "bridge", ports: web8080)
        #expect(second.isGateway && second.ports.map(\.hostPort) == [8080])
        try await service.detach(containerID: web.id, from: "bridge", pid: web.pid)
        #expect(try await attach(service, web, to: "bridge", ports: web8080).ports.count == 1)
        #expect(try lab.ask("2001:db8::1", 8080, from: lab.outside) == "web 2001:db8::2")
      }
    }
  }

  @Test func `everything works on while no manager runs, and the next one knows it`() async throws {
    try await Lab.run { lab in
      try addWire(lab)
      let web = try await lab.container("web")
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request("six", "fd06::/64"))
        _ = try await attach(service, web, to: "six", ports: web8080)
      }
      try await lab.serve("web", port: 80, isIPv6: true, in: web.namespace)
      #expect(try lab.ask("2001:db8::1", 8080, from: lab.outside) == "web 2001:db8::2")
      let rules = try lab.rules()
      try await lab.withNetwork { service in
        try await service.restore(live: [web.id])
        #expect(try lab.rules() == rules)
        let next = try await lab.container("next")
        #expect(text(try await attach(service, next, to: "six")) == ["172.24.0.3", "fd06::3"])
        // Somebody flushes the rules.
        try shell("ip netns exec \(lab.host) nft flush ruleset")
        _ = try await attach(service, next, to: "bridge")
        #expect(try lab.ask("2001:db8::1", 8080, from: lab.outside) == "web 2001:db8::2")
        try await service.removeAll()
        #expect(try lab.rules().isEmpty)
        #expect(try lab.interfaces(lab.host) == ["wire0"])
      }
    }
  }

  @Test func `nothing passes an internal network`() async throws {
    try await Lab.run { lab in
      try addWire(lab)
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request("inner", "fd06::/64", isInternal: true))
        let web = try await lab.container("web")
        let endpoint = try await attach(service, web, to: "inner", ports: web8080)
        #expect(endpoint.ports.isEmpty && !endpoint.isIPv6Gateway)
        try await lab.serve("outside", port: 82, isIPv6: true, in: lab.outside)
        try shell("ip -n \(web.namespace) -6 route add default via fd06::1")
        #expect(try lab.ask("2001:db8::2", 82, from: web.namespace) == nil)
      }
    }
  }

  @Test func `a container cannot say where the host sends its packets (CVE-2020-13401)`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let evil = try await lab.container("evil")
        _ = try await service.attach(containerID: evil.id, pid: evil.pid)
        try shell("ip -n \(evil.namespace) addr add fe80::bad/64 dev eth0 nodad")
        func advertise() throws {
          let message = #"\206\000\000\000\100\000\007\010\000\000\000\000\000\000\000\000"#
          try shell(
            "printf '\(message)' | ip netns exec \(evil.namespace) "
              + "socat -u - 'IP6-SENDTO:[ff02::1%eth0]:58,setsockopt-int=41:18:255'")
        }
        func routes() throws -> String { try output("ip -n \(lab.host) -6 route show default") }
        try advertise()
        #expect(try routes().isEmpty)
        // As it would be otherwise.
        try shell("ip netns exec \(lab.host) sysctl -qw net.ipv6.conf.proa0.accept_ra=1")
        try await poll("the route to come where it may") {
          try advertise()
          return try routes().contains("fe80::bad dev proa0")
        }
      }
    }
  }
}
