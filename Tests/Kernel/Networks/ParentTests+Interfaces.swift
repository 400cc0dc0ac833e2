import LinuxKernel
import Networks
import Testing

/// What becomes of the containers' interfaces.
extension ParentTests {
  @Test func `an interface goes by whatever name the container has given it`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request("lan"))
        let one = try await lab.container("one")
        _ = try await attach(service, one, to: "lan")
        try shell("ip -n \(one.namespace) link set eth0 down && ip -n \(one.namespace) link set eth0 name mine up")
        try await service.detach(containerID: one.id, from: "lan", pid: one.pid)
        #expect(try lab.interfaces(one.namespace).isEmpty)
      }
    }
  }

  @Test func `an interface goes whatever the container has made of it, and what it has made itself, too`() async throws
  {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        for name in ["lan", "other"] { _ = try await service.create(request(name)) }
        let one = try await lab.container("one")
        _ = try await attach(service, one, to: "lan")
        try shell("ip -n \(one.namespace) link set eth0 down")
        try shell("ip -n \(one.namespace) link set eth0 name mine address 02:42:99:00:00:09 up")
        try shell("ip -n \(one.namespace) link add more link mine type macvlan mode bridge")
        try await service.detach(containerID: one.id, from: "lan", pid: one.pid)
        #expect(try lab.interfaces(one.namespace).isEmpty)
        // One that stays on the interface by another network keeps what it has there.
        for name in ["lan", "other"] { _ = try await attach(service, one, to: name) }
        try await service.detach(containerID: one.id, from: "lan", pid: one.pid)
        #expect(try lab.interfaces(one.namespace) == ["eth1"])
      }
    }
  }

  @Test func `interfaces that went with their parent are made again by the next manager`() async throws {
    try await Lab.run { lab in
      let one = try await lab.container("one")
      let inside = "ip netns exec \(one.namespace)"
      let own = "ip -n \(lab.host) link add own0 type veth peer name own1"
      try shell(own)
      var (parent, before) = ("", "")
      func addresses() throws -> String {
        try output("\(inside) ip -o addr show").split(separator: "\n").map { $0.split(separator: " ")[1...3] }
          .map { $0.joined(separator: " ") }.sorted().joined(separator: "\n")
      }
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        parent = try await service.create(request("alone", ["parent": ""])).parent
        for name in ["one", "two"] { _ = try await service.create(request(name, ["parent": "own0"])) }
        _ = try await attach(service, one, to: "alone") {
          $0.options = ["com.docker.network.endpoint.sysctls": "net.ipv4.conf.IFNAME.log_martians=1"]
        }
        for name in ["one", "two"] { _ = try await attach(service, one, to: name) }
        before = try addresses()
      }
      for name in [parent, "own0"] { try shell("ip -n \(lab.host) link del \(name)") }
      #expect(try lab.interfaces(one.namespace).isEmpty)
      try shell(own)
      // The second time there is nothing to do.
      for _ in 1...2 {
        try await lab.withNetwork { service in
          try await service.restore(live: [one.id], processes: [one.id: one.pid])
          #expect(try addresses() == before)
          #expect(try output("\(inside) cat /proc/sys/net/ipv4/conf/eth0/log_martians") == "1\n")
        }
      }
    }
  }

  @Test func `the next manager takes an interface from whoever shared it with a container`() async throws {
    try await Lab.run { lab in
      let (one, next) = (try await lab.container("one"), try await lab.container("next"))
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request("lan", subnet: "192.0.2.0/24"))
        _ = try await attach(service, one, to: "lan") { $0.address = IPv4Address("192.0.2.77") }
      }
      try await lab.withNetwork { service in
        // The process is that of the one which shares it.
        try await service.restore(live: [], processes: [one.id: one.pid])
        #expect(try lab.interfaces(one.namespace).isEmpty)
        _ = try await attach(service, next, to: "lan") { $0.address = IPv4Address("192.0.2.77") }
      }
    }
  }

  @Test func `an interface goes with its container, and not with whoever shares it`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        _ = try await service.create(request("lan", subnet: "192.0.2.0/24"))
        let (one, next) = (try await lab.container("one"), try await lab.container("next"))
        _ = try await attach(service, one, to: "lan") { $0.address = IPv4Address("192.0.2.77") }
        // The container has ended, and somebody else runs in its namespace.
        try await service.detach(containerID: one.id, pid: one.pid)
        #expect(try lab.interfaces(one.namespace).isEmpty)
        _ = try await attach(service, next, to: "lan") { $0.address = IPv4Address("192.0.2.77") }
        // That one has ended too, and its number is another's now: this keeps nothing.
        let stranger = try lab.start("exec sleep 1000", in: lab.host)
        try await poll("it to be on the host") { try output("ip netns identify \(stranger.pid)") == lab.host + "\n" }
        try await service.detach(containerID: next.id, pid: stranger.pid)
        #expect(await service.endpoints(of: next.id).isEmpty)
      }
    }
  }
}
