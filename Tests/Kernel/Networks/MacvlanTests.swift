import Glibc
import LinuxKernel
import Networks
import Testing

/// Networks that stand on an interface of the host. Needs root, iproute2 and socat.
struct MacvlanTests {
  /// On the wire between `host` (192.0.2.1) and `outside` (192.0.2.2), which is the gateway.
  private func request(_ name: String = "lan", _ options: [String: String] = [:]) -> NetworkRequest {
    var request = NetworkRequest()
    (request.name, request.driver) = (name, "macvlan")
    request.options = ["parent": "wire0"].merging(options) { $1 }
    var part = SubnetRequest()
    (part.subnet, part.gateway, part.range) = ("192.0.2.0/24", "192.0.2.2", "192.0.2.64/27")
    request.subnets = [part]
    return request
  }

  private func attach(
    _ service: NetworkService, _ container: Container, to network: String = "lan", address: String? = nil
  ) async throws -> Endpoint {
    var request = AttachmentRequest(containerID: container.id, pid: container.pid)
    request.network = network
    request.ports = [PortBinding(containerPort: 80, hostPorts: 8080...8080)]
    request.address = address.flatMap { IPv4Address($0) }
    return try await service.attach(request)
  }

  @Test func `containers are neighbours of the host on its wire, and it leaves no trace`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let before = (try lab.rules(), try lab.interfaces(lab.host))
        let network = try await service.create(request())
        #expect(network.parent == "wire0" && !network.hasMadeParent)
        let (one, two) = (try await lab.container("one"), try await lab.container("two"))
        let place = try await attach(service, one)
        _ = try await attach(service, two, address: "192.0.2.200")
        // As Docker: nothing of it is published.
        #expect(place.ipv4 == "192.0.2.64" && place.ports.isEmpty && place.isGateway)
        #expect(try lab.rules() == before.0 && lab.interfaces(lab.host) == before.1)
        #expect(try lab.interfaces(one.namespace) == ["eth0"])
        let link = try output("ip -n \(one.namespace) -d link show eth0")
        #expect(link.contains("macvlan mode bridge") && link.contains("02:42:c0:00:02:40"))
        #expect(
          try output("ip -n \(one.namespace) route show default").hasPrefix("default via 192.0.2.2 dev eth0"))
        try await lab.serve("one", port: 80, in: one.namespace)
        try await lab.serve("outside", port: 82, in: lab.outside)
        #expect(try lab.ask("192.0.2.2", 82, from: one.namespace) == "outside 192.0.2.64")
        #expect(try lab.ask("192.0.2.64", 80, from: lab.outside) == "one 192.0.2.2")
        #expect(try lab.ask("192.0.2.64", 80, from: two.namespace) == "one 192.0.2.200")
        // The kernel keeps those on an interface and the interface itself apart.
        #expect(try lab.ask("192.0.2.64", 80, from: lab.host) == nil)
        try await service.detach(containerID: one.id, from: "lan", pid: one.pid)
        #expect(try lab.interfaces(one.namespace).isEmpty)
        try await service.detach(containerID: two.id, from: "lan", pid: two.pid)
        try await service.remove("lan")
        #expect(try lab.interfaces(lab.host) == before.1)
        #expect(await lab.store.endpoints().isEmpty)
      }
    }
  }

  @Test func `without a parent containers reach one another and nobody else`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let before = try lab.interfaces(lab.host)
        var request = NetworkRequest()
        (request.name, request.driver, request.enablesIPv6) = ("alone", "macvlan", true)
        let network = try await service.create(request)
        #expect(try lab.interfaces(lab.host).subtracting(before) == ["dm-\(network.id.prefix(12))"])
        let (one, two) = (try await lab.container("one"), try await lab.container("two"))
        let place = try await attach(service, one, to: "alone")
        #expect(!place.isGateway)
        _ = try await attach(service, two, to: "alone")
        try await lab.serve("one", port: 80, in: one.namespace)
        try await lab.serve("six", port: 81, isIPv6: true, in: one.namespace)
        #expect(try lab.ask(place.ipv4, 80, from: two.namespace)?.hasPrefix("one ") == true)
        let six = try #require(place.ipv6Address)
        #expect(try lab.ask(six.description, 81, from: two.namespace)?.hasPrefix("six ") == true)
        try await lab.serve("outside", port: 82, in: lab.outside)
        #expect(try lab.ask("192.0.2.2", 82, from: two.namespace) == nil)
        for container in [one, two] {
          try await service.detach(containerID: container.id, from: "alone", pid: container.pid)
        }
        try await service.remove("alone")
        #expect(try lab.interfaces(lab.host) == before)
      }
    }
  }

  @Test func `those of a private network do not reach one another`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request("lan", ["macvlan_mode": "private"]))
        let (one, two) = (try await lab.container("one"), try await lab.container("two"))
        let place = try await attach(service, one)
        _ = try await attach(service, two)
        try await lab.serve("one", port: 80, in: one.namespace)
        #expect(try lab.ask(place.ipv4, 80, from: two.namespace) == nil)
        #expect(try lab.ask(place.ipv4, 80, from: lab.outside) == "one 192.0.2.2")
      }
    }
  }

  @Test func `whoever has the parent for itself shares it with nobody`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let network = try await service.create(request("lan", ["macvlan_mode": "passthru"]))
        var other = request("other")
        other.subnets = []
        await #expect(
          throws: NetworkError.forbidden(
            "macvlan network \(network.id) is already using parent interface wire0 in mode passthru")
        ) { _ = try await service.create(other) }
        let one = try await lab.container("one")
        let place = try await attach(service, one)
        let own = try output("ip -n \(one.namespace) link show eth0")
        #expect(own.contains(place.macAddress.description))
        try await lab.serve("one", port: 80, in: one.namespace)
        #expect(try lab.ask(place.ipv4, 80, from: lab.outside) == "one 192.0.2.2")
      }
    }
  }

  @Test func `the next container of an address waits until the kernel has removed the last one's interface`()
    async throws
  {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request())
        for number in 0..<5 {
          let one = try await lab.container("one\(number)")
          let place = try await attach(service, one, address: "192.0.2.77")
          #expect(place.ipv4 == "192.0.2.77")
          kill(one.pid, SIGKILL)
          try shell("ip netns del \(one.namespace)")
          try await service.detach(containerID: one.id)
        }
      }
    }
  }

  @Test func `the next manager finds the network, makes what is gone, and gives nothing twice`() async throws {
    try await Lab.run { lab in
      let one = try await lab.container("one")
      var isolated = NetworkRequest()
      (isolated.name, isolated.driver, isolated.isInternal) = ("alone", "macvlan", true)
      let (wish, inner) = (request(), isolated)
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(wish)
        #expect(try await service.create(inner).parent.hasPrefix("dm-"))
        _ = try await attach(service, one)
      }
      try await lab.serve("one", port: 80, in: one.namespace)
      let parents = try lab.interfaces(lab.host).filter { $0.hasPrefix("dm-") }
      for parent in parents { try shell("ip -n \(lab.host) link del \(parent)") }
      try await lab.withNetwork { service in
        try await service.restore(live: [one.id])
        #expect(try lab.interfaces(lab.host).filter { $0.hasPrefix("dm-") } == parents)
        #expect(try lab.ask("192.0.2.64", 80, from: lab.outside) == "one 192.0.2.2")
        let two = try await lab.container("two")
        #expect(try await attach(service, two).ipv4 == "192.0.2.65")
        try await service.detach(containerID: one.id, from: "lan", pid: one.pid)
        #expect(try lab.interfaces(one.namespace).isEmpty)
        try await service.detach(containerID: two.id)
        for name in ["lan", "alone"] { try await service.remove(name) }
        try await service.removeAll()
        #expect(try lab.interfaces(lab.host) == ["wire0"])
      }
    }
  }

  @Test func `a VLAN is made and goes with its last network, or is refused where there are none`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let before = try lab.interfaces(lab.host)
        var other = request("other", ["parent": "wire0.50"])
        other.subnets = []
        let (first, second) = (request("lan", ["parent": "wire0.50"]), other)
        guard try lab.hostKnows(.vlan(50)) else {
          await #expect(
            throws: NetworkError.forbidden(
              "failed to create wire0.50 vlan link: this machine's kernel has no VLANs (802.1Q)")
          ) { _ = try await service.create(first) }
          #expect(try lab.interfaces(lab.host) == before)
          return
        }
        for request in [first, second] { #expect(try await service.create(request).hasMadeParent) }
        #expect(try output("ip -n \(lab.host) -d link show wire0.50").contains("vlan protocol 802.1Q id 50"))
        try await service.remove("lan")
        #expect(try lab.interfaces(lab.host) == before.union(["wire0.50"]))
        try await service.remove("other")
        #expect(try lab.interfaces(lab.host) == before)
      }
    }
  }

  @Test func `parents that are not there are refused, and so is ipvlan where the kernel has none`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let before = try lab.interfaces(lab.host)
        for (parent, message) in [
          ("nobody", "invalid subinterface vlan name nobody, example formatting is eth0.10"),
          ("nobody.5", "-o parent interface does was not found on the host: nobody"),
        ] {
          let wish = request("lan", ["parent": parent])
          await #expect(throws: NetworkError.invalid(message)) { _ = try await service.create(wish) }
        }
        if try !lab.hostKnows(.ipvlan(.l2, .bridge)) {
          var wish = request()
          wish.driver = "ipvlan"
          let asked = wish
          await #expect(throws: NetworkError.forbidden("this machine's kernel has no ipvlan")) {
            _ = try await service.create(asked)
          }
        }
        #expect(try lab.interfaces(lab.host) == before)
        #expect(await service.all.count == 3)
        #expect(await lab.store.networks().isEmpty)
      }
    }
  }
}

extension Lab {
  fileprivate func hostKnows(_ link: StackedLink) throws -> Bool {
    var socket = try NetlinkSocket.open(.route)
    return try socket.knows(link)
  }
}
