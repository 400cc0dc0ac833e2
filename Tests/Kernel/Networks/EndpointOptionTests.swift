import LinuxKernel
import Networks
import Testing

/// What is asked for of one interface. Needs root and iproute2.
struct EndpointOptionTests {
  private let endpoint = "com.docker.network.endpoint"

  private func attach(
    _ service: NetworkService, _ container: Container, _ options: [String: String], to network: String = "bridge"
  ) async throws -> Endpoint {
    var request = AttachmentRequest(containerID: container.id, pid: container.pid)
    (request.options, request.network) = (options, network)
    return try await service.attach(request)
  }

  @Test func `an interface has the name and the parameters that were asked for`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        var other = NetworkRequest()
        other.name = "other"
        _ = try await service.create(other)
        let one = try await lab.container("one")
        _ = try await attach(
          service, one,
          [
            "\(endpoint).ifname": "lan",
            "\(endpoint).sysctls": "net.ipv4.conf.IFNAME.log_martians=1,net.ipv4.conf.IFNAME.forwarding=0",
          ])
        func parameter(_ name: String) throws -> String {
          try output("ip netns exec \(one.namespace) cat /proc/sys/net/ipv4/conf/lan/\(name)")
        }
        #expect(try (parameter("log_martians"), parameter("forwarding")) == ("1\n", "0\n"))
        #expect(try output("ip -n \(one.namespace) route show default").contains("dev lan"))
        await #expect(throws: NetworkError.forbidden("the container has an interface lan already")) {
          _ = try await attach(service, one, ["\(endpoint).ifname": "lan"], to: "other")
        }
        #expect(try await attach(service, one, [:], to: "other").interface == "eth0")
      }
    }
  }

  @Test(arguments: ["net.ipv4.conf.IFNAME.nothing=1", "net.ipv4.conf.IFNAME.log_martians=x"])
  func `a parameter that cannot be set leaves nothing`(parameter: String) async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let one = try await lab.container("one")
        await #expect(throws: NetworkError.self) {
          _ = try await attach(service, one, ["\(endpoint).sysctls": parameter])
        }
        #expect(try lab.interfaces(one.namespace).isEmpty)
        #expect(try lab.interfaces(lab.host) == ["wire0", "proa0"])
        #expect(await lab.store.endpoints().isEmpty)
      }
    }
  }
}
