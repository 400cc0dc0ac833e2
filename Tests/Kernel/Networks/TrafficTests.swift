import Networks
import Testing

/// Who reaches whom. Needs root, iproute2, nftables and socat.
struct TrafficTests {
  @Test func `a container and its host reach each other, and the world sees the host`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        let web = try await lab.container("web")
        let endpoint = try await network.attach(containerID: web.id, pid: web.pid)
        #expect(endpoint.ipv4 == "172.30.0.2")
        #expect(endpoint.macAddress.description == "02:42:ac:1e:00:02")
        try await lab.serve("web", port: 80, in: web.namespace)
        try await lab.serve("host", port: 81, in: lab.host)
        try await lab.serve("outside", port: 82, in: lab.outside)
        #expect(try lab.ask("172.30.0.2", 80, from: lab.host) == "web 172.30.0.1")
        #expect(try lab.ask("172.30.0.1", 81, from: web.namespace) == "host 172.30.0.2")
        #expect(try lab.ask("192.0.2.2", 82, from: web.namespace) == "outside 192.0.2.1")
        #expect(try lab.ask("127.0.0.1", 80, from: web.namespace) == "web 127.0.0.1")
      }
    }
  }

  @Test func `a published port is reached from everywhere, others are not`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        let (web, other) = (try await lab.container("web"), try await lab.container("other"))
        let endpoint = try await network.attach(
          containerID: web.id, pid: web.pid, ports: [PortBinding(containerPort: 80, hostPorts: 8080...8080)])
        _ = try await network.attach(containerID: other.id, pid: other.pid)
        #expect(endpoint.ports.map(\.hostPort) == [8080])
        try await lab.serve("web", port: 80, in: web.namespace)
        try await lab.serve("hidden", port: 90, in: web.namespace)
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == "web 192.0.2.2")
        #expect(try lab.ask("127.0.0.1", 8080, from: lab.host) == "web 172.30.0.1")
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.host) == "web 192.0.2.1")
        #expect(try lab.ask("172.30.0.1", 8080, from: other.namespace) == "web 172.30.0.1")
        #expect(try lab.ask("192.0.2.1", 8080, from: other.namespace) == "web 172.30.0.1")
        #expect(try lab.ask("172.30.0.1", 8080, from: web.namespace) == "web 172.30.0.1")
        #expect(try lab.ask("172.30.0.2", 90, from: other.namespace) == "hidden 172.30.0.3")
        // A neighbour that knows the way to the subnet gets in neither by the open nor by the published port.
        try shell("ip -n \(lab.outside) route add 172.30.0.0/16 via 192.0.2.1")
        #expect(try lab.ask("172.30.0.2", 90, from: lab.outside) == nil)
        #expect(try lab.ask("172.30.0.2", 80, from: lab.outside) == nil)
        #expect(try lab.ask("192.0.2.1", 90, from: lab.outside) == nil)
      }
    }
  }

  @Test func `what is published on 127.0.0.1 is for the host alone (CVE-2020-8558)`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        let (web, other) = (try await lab.container("web"), try await lab.container("other"))
        let binding = try PortBinding(port: "80/tcp", hostIP: "127.0.0.1", hostPort: "8080")
        _ = try await network.attach(containerID: web.id, pid: web.pid, ports: [binding])
        _ = try await network.attach(containerID: other.id, pid: other.pid)
        try await lab.serve("web", port: 80, in: web.namespace)
        try await lab.serve("secret", port: 70, in: lab.host)
        #expect(try lab.ask("127.0.0.1", 8080, from: lab.host) == "web 172.30.0.1")
        #expect(try lab.ask("192.0.2.1", 8080, from: lab.outside) == nil)
        for (namespace, gateway) in [(lab.outside, "192.0.2.1"), (other.namespace, "172.30.0.1")] {
          let device = namespace == lab.outside ? "wire0" : "eth0"
          try shell(
            "ip netns exec \(namespace) sysctl -qw net.ipv4.conf.all.route_localnet=1 && ip -n \(namespace) addr del 127.0.0.1/8 dev lo"
              + " && ip -n \(namespace) route add 127.0.0.1 via \(gateway) dev \(device)"
              + " && ip -n \(namespace) rule add pref 1 to 127.0.0.1 lookup main && ip -n \(namespace) route flush table local 127.0.0.0/8"
          )
          #expect(try lab.ask("127.0.0.1", 8080, from: namespace) == nil)
          #expect(try lab.ask("127.0.0.1", 70, from: namespace) == nil)
        }
      }
    }
  }

  @Test func `UDP is published too`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        let echo = try await lab.container("echo")
        let binding = try PortBinding(port: "53/udp", hostIP: "", hostPort: "5353")
        _ = try await network.attach(containerID: echo.id, pid: echo.pid, ports: [binding])
        try lab.start("exec socat UDP-LISTEN:53,fork SYSTEM:\"echo got; cat\"", in: echo.namespace)
        try await poll("an answer over UDP") {
          let command = "echo x | ip netns exec \(lab.outside) socat -T1 - UDP:192.0.2.1:5353"
          return (try? output(command))?.hasPrefix("got") ?? false
        }
      }
    }
  }

  @Test func `a UDP client that was there before, or stays, meets the container of now`() async throws {
    try await Lab.run { lab in
      func ask() throws -> String? {
        let client = "ip netns exec \(lab.outside) socat -T1 - UDP:192.0.2.1:5353,sourceport=4000"
        return try? output("echo x | \(client)").split(separator: "\n").first.map(String.init)
      }
      try await lab.withNetwork { network in
        try await network.restore(live: [])
        let binding = try PortBinding(port: "53/udp", hostIP: "", hostPort: "5353")
        // The kernel remembers the flow as one to the host itself.
        #expect(try ask() == nil)
        for name in ["first", "second"] {
          let container = try await lab.container(name)
          try lab.start("exec socat UDP-RECVFROM:53,fork SYSTEM:\"echo \(name)\"", in: container.namespace)
          try await poll("a listener") {
            try output("ip netns exec \(container.namespace) ss -Hlun").contains(":53")
          }
          _ = try await network.attach(containerID: container.id, pid: container.pid, ports: [binding])
          // A flow that the kernel still took for the old one would be kept alive by every further question.
          try await poll("an answer of \(name)") { try ask() == name }
          try await network.detach(containerID: container.id)
        }
      }
    }
  }
}
