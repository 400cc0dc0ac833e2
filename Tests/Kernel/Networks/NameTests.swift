import LinuxKernel
import Networks
import Testing

/// Who is called what, as shims read it. Needs root, iproute2 and nftables.
struct NameTests {
  private func attach(
    _ service: NetworkService, _ container: Container, to network: String, as names: [String]
  ) async throws {
    var request = AttachmentRequest(containerID: container.id, pid: container.pid)
    (request.network, request.names) = (network, names)
    _ = try await service.attach(request)
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try AtomicFile.read(path, limit: 1 << 16), as: UTF8.self)
  }

  private func network(_ name: String, isInternal: Bool = false) -> NetworkRequest {
    var request = NetworkRequest()
    (request.name, request.isInternal) = (name, isInternal)
    return request
  }

  @Test func `names are written down while their containers are there`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let front = try await service.create(network("front"))
        let path = "\(lab.names)/\(front.id)"
        let (web, other) = (try await lab.container("web"), try await lab.container("other"))
        try await attach(service, web, to: "front", as: ["web", "www", "two words", ""])
        try await attach(service, other, to: "front", as: ["other"])
        #expect(try text(path) == "front\n172.24.0.2 web www\n172.24.0.3 other\n")
        #expect(await service.names(for: web.id).tables == [path])
        #expect(await service.names(for: web.id).mayAskOthers)
        try await service.detach(containerID: other.id)
        #expect(try text(path) == "front\n172.24.0.2 web www\n")
        try await service.detach(containerID: web.id)
        try await service.remove("front")
        #expect(try Directory.names(lab.names).isEmpty)
      }
    }
  }

  @Test func `the next manager writes them again, and nothing of networks that are gone`() async throws {
    try await Lab.run { lab in
      let web = try await lab.container("web")
      var path = ""
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        path = "\(lab.names)/\(try await service.create(network("front", isInternal: true)).id)"
        try await attach(service, web, to: "front", as: ["web"])
        #expect(await service.names(for: web.id).mayAskOthers == false)
      }
      try AtomicFile.write(Array("old".utf8), to: path)
      try AtomicFile.write([], to: "\(lab.names)/gone")
      try await lab.withNetwork { service in
        try await service.restore(live: [web.id])
        #expect(try text(path) == "front\n172.24.0.2 web\n")
        #expect(try Directory.names(lab.names).count == 1)
      }
    }
  }

  @Test func `questions are led to the ports that were said last`() async throws {
    try await Lab.run { lab in
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        let web = try await lab.container("web")
        for port in [1053, 2053] as [UInt16] {
          try await service.redirectNames(pid: web.pid, udp: port, tcp: port + 1)
        }
        let rules = try output("ip netns exec \(web.namespace) nft list ruleset")
        #expect(rules.contains("udp dport 53 dnat to 127.0.0.11:2053"))
        #expect(rules.contains("tcp dport 53 dnat to 127.0.0.11:2054") && !rules.contains("1053"))
        #expect(try !lab.rules().contains("127.0.0.11"))
        await #expect(throws: NetworkError.noProcess(pid: 0x3FFF_FFFF)) {
          try await service.redirectNames(pid: 0x3FFF_FFFF, udp: 1, tcp: 1)
        }
      }
    }
  }
}
