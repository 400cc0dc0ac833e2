import Glibc
import Networks
import Testing

/// What is made, what is refused, what comes back, what is left. Needs root, iproute2, nftables and socat.
struct LifecycleTests {
  private let web8080 = [PortBinding(containerPort: 80, hostPorts: 8080...8080)]

  @Test func `detach and removeAll leave nothing`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { network in
        let before = try lab.interfaces(lab.host)
        try await network.restore(live: [])
        let empty = try lab.rules()
        let web = try await lab.container("web")
        let endpoint = try await network.attach(containerID: web.id, pid: web.pid, ports: web8080)
        #expect(try lab.interfaces(lab.host) == before.union(["proa0", endpoint.hostInterface]))
        #expect(try lab.interfaces(web.namespace) == ["eth0"])
        #expect(try lab.rules().contains("6 . 8080 : 172.30.0.2 . 80"))
        try await network.detach(containerID: web.id)
        try await network.detach(containerID: web.id)
        #expect(try lab.rules() == empty)
        #expect(try lab.interfaces(lab.host) == before.union(["proa0"]))
        #expect(try lab.interfaces(web.namespace).isEmpty)
        #expect(await lab.store.endpoints().isEmpty)
        try await network.removeAll()
        #expect(try lab.rules() == "")
        #expect(try lab.interfaces(lab.host) == before)
      }
    }
  }

  @Test func `a container whose process has ended is detached like any other`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        let web = try await lab.container("web")
        _ = try await network.attach(containerID: web.id, pid: web.pid, ports: web8080)
        kill(web.pid, SIGKILL)
        try shell("ip netns del \(web.namespace)")
        try await network.detach(containerID: web.id)
        #expect(try lab.interfaces(lab.host) == ["wire0", "proa0"])
        #expect(await network.endpoint(of: web.id) == nil)
      }
    }
  }

  @Test func `a taken port is refused in Docker's words and nothing is left of the attempt`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        let (first, second) = (try await lab.container("first"), try await lab.container("second"))
        _ = try await network.attach(containerID: first.id, pid: first.pid, ports: web8080)
        let before = (try lab.rules(), try lab.interfaces(lab.host))
        await #expect {
          _ = try await network.attach(containerID: second.id, pid: second.pid, ports: web8080)
        } throws: {
          "\($0)" == "Bind for 0.0.0.0:8080 failed: port is already allocated"
        }
        #expect(try lab.rules() == before.0)
        #expect(try lab.interfaces(lab.host) == before.1)
        #expect(try lab.interfaces(second.namespace).isEmpty)
        try await network.detach(containerID: first.id)
        _ = try await network.attach(containerID: second.id, pid: second.pid, ports: web8080)
      }
    }
  }

  @Test func `a port of another program, a foreign address, a dead process are refused`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        let web = try await lab.container("web")
        try await lab.serve("other", port: 8080, in: lab.host)
        await #expect(throws: NetworkError.portAllocated(hostAddress: .v4(.any), hostPort: 8080)) {
          _ = try await network.attach(containerID: web.id, pid: web.pid, ports: web8080)
        }
        let foreign = try PortBinding(port: "80", hostIP: "198.51.100.1", hostPort: "80")
        await #expect {
          _ = try await network.attach(containerID: web.id, pid: web.pid, ports: [foreign])
        } throws: {
          "\($0)".contains("cannot assign requested address")
        }
        await #expect(throws: NetworkError.noProcess(pid: 0x3FFF_FFFF)) {
          _ = try await network.attach(containerID: web.id, pid: 0x3FFF_FFFF)
        }
        #expect(await lab.store.endpoints().isEmpty)
        #expect(try lab.interfaces(lab.host) == ["wire0", "proa0"])
      }
    }
  }

  @Test func `ranges give their first free port, no number gives one of the kernel's range`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        let web = try await lab.container("web")
        try await lab.serve("other", port: 8000, in: lab.host)
        let bindings = [
          try PortBinding(port: "80", hostIP: "", hostPort: "8000-8002"),
          try PortBinding(port: "80", hostIP: "", hostPort: "8000-8002"),
          try PortBinding(port: "90", hostIP: "", hostPort: ""),
        ]
        let ports = try await network.attach(containerID: web.id, pid: web.pid, ports: bindings).ports
        #expect(ports.map(\.hostPort).prefix(2) == [8001, 8002])
        #expect(ports[2].hostPort >= 32768)
      }
    }
  }

  @Test func `the next manager finds everything, even what was flushed, and removes what is dead`() async throws {
    try await Lab.run { lab in
      let (web, dead) = (try await lab.container("web"), try await lab.container("dead"))
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        _ = try await network.attach(containerID: web.id, pid: web.pid, ports: web8080)
        _ = try await network.attach(containerID: dead.id, pid: dead.pid)
      }
      try await lab.serve("web", port: 80, in: web.namespace)
      #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "web 192.0.2.2")
      try shell("ip netns exec \(lab.host) nft flush ruleset && ip -n \(lab.host) link del proa0")
      try await lab.withNetwork { network in
        try await network.restore(live: [web.id])
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "web 192.0.2.2")
        #expect(await lab.store.endpoints().map(\.containerID) == [web.id])
        #expect(try lab.interfaces(dead.namespace).isEmpty)
        // Its address and port are taken again.
        let next = try await network.attach(containerID: dead.id, pid: dead.pid)
        #expect(next.ipv4 == "172.30.0.3")
        await #expect(throws: NetworkError.attached(containerID: web.id)) {
          _ = try await network.attach(containerID: web.id, pid: web.pid)
        }
      }
    }
  }

  @Test func `rules that were flushed are back with the next change`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        let (web, other) = (try await lab.container("web"), try await lab.container("other"))
        _ = try await network.attach(containerID: web.id, pid: web.pid, ports: web8080)
        let before = try lab.rules()
        try shell("ip netns exec \(lab.host) nft flush ruleset")
        _ = try await network.attach(containerID: other.id, pid: other.pid)
        #expect(try lab.rules() == before)
      }
    }
  }

  @Test(arguments: [
    "flush ruleset", "flush table ip proa", "delete chain ip proa forward", "flush map ip proa any_address_ports",
    "add element ip proa any_address_ports { tcp . 9 : 10.0.0.1 . 9 }",
  ])
  func `rules that somebody changed are back at once while the manager watches`(change: String) async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        let web = try await lab.container("web")
        _ = try await network.attach(containerID: web.id, pid: web.pid, ports: web8080)
        let before = try lab.rules()
        let watching = Task { await network.run() }
        // Nobody else's rules are touched, and nothing is written for them.
        try shell("ip netns exec \(lab.host) nft add table ip other")
        try shell("ip netns exec \(lab.host) nft delete table ip other")
        try shell("ip netns exec \(lab.host) nft '\(change)'")
        try await poll("the rules") { try lab.rules() == before }
        watching.cancel()
        await watching.value
        try await network.removeAll()
      }
    }
  }

  @Test func `Docker's policy of dropping what is forwarded gets exceptions, which go again`() async throws {
    try await Lab.run { lab in
      let run = "ip netns exec \(lab.host)"
      try shell("\(run) iptables -P FORWARD DROP && \(run) iptables -N DOCKER-USER")
      try shell("\(run) iptables -A DOCKER-USER -j RETURN && \(run) iptables -I FORWARD -j DOCKER-USER")
      let before = try output("\(run) iptables -S")
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        let web = try await lab.container("web")
        _ = try await network.attach(containerID: web.id, pid: web.pid, ports: web8080)
        try await lab.serve("web", port: 80, in: web.namespace)
        try await lab.serve("outside", port: 82, in: lab.outside)
        #expect(try lab.ask("192.0.2.2", 82, from: web.namespace) == "outside 192.0.2.1")
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "web 192.0.2.2")
        try shell("ip -n \(lab.outside) route add 172.30.0.0/16 via 192.0.2.1")
        #expect(try lab.ask("172.30.0.2", 80, from: lab.outside) == nil)
      }
      try await lab.withNetwork { network in
        try await network.restore(live: ["web"])
        #expect(try output("\(run) iptables -S").split(separator: "\n").filter { $0.contains("proa0") }.count == 2)
        try await network.removeAll()
        #expect(try output("\(run) iptables -S") == before)
      }
    }
  }

  @Test func `a subnet in use and a name in use are refused`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork(bip: "192.0.2.129/25") { network in
        await #expect {
          try await network.restore(live: [])
        } throws: {
          "\($0)".contains("192.0.2.128/25 overlaps with 192.0.2.0/24 of interface wire0")
        }
        let left = try lab.interfaces(lab.host)
        #expect(left == ["wire0"])
      }
      try shell("ip -n \(lab.host) link add proa0 type veth peer name other0")
      try await lab.withNetwork { network in
        await #expect(throws: NetworkError.notABridge("proa0")) { try await network.restore(live: []) }
      }
    }
  }

  @Test func `twenty containers at once get twenty addresses`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        var containers: [Container] = []
        for number in 0..<20 { containers.append(try await lab.container("c\(number)")) }
        let addresses = try await withThrowingTaskGroup(of: String.self) { group in
          for container in containers {
            group.addTask {
              let ports = [PortBinding(containerPort: 80)]
              return try await network.attach(containerID: container.id, pid: container.pid, ports: ports).ipv4
            }
          }
          return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(addresses.count == 20)
        for container in containers { try await network.detach(containerID: container.id) }
        #expect(try lab.interfaces(lab.host) == ["wire0", "proa0"])
      }
    }
  }
}
