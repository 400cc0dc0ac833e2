import LinuxKernel
import Networks
import Testing

/// A bridge that was there before. Needs root, iproute2, iptables and nftables.
struct BridgeOwnerTests {
  @Test(arguments: [
    (
      "ip netns exec HOST iptables -t nat -A POSTROUTING ! -o proa0 -j MASQUERADE",
      "rules in ip nat POSTROUTING name it"
    ),
    (
      "ip netns exec HOST nft 'add table inet lxc; add chain inet lxc input; add rule inet lxc input iifname proa0 accept'",
      "rules in inet lxc input name it"
    ),
    ("ip -n HOST link add vethabc master proa0 type veth peer name other0", "vethabc is a port of it"),
    ("ip -n HOST addr add 172.17.0.1/16 dev proa0", "it has the address 172.17.0.1/16, and not 172.30.0.1/16"),
  ])
  func `another engine's bridge is refused, and stays as it is`(use: String, reason: String) async throws {
    try await Lab.run { lab in
      try shell("ip -n \(lab.host) link add proa0 type bridge")
      try shell(use.replacing("HOST", with: lab.host))
      let before = (try lab.rules(), try output("ip -n \(lab.host) -o addr show dev proa0"))
      try await lab.withNetwork { service in
        await #expect(throws: NetworkError.bridgeOfAnother("proa0", reason: reason)) {
          try await service.restore(live: [])
        }
      }
      #expect(try lab.rules() == before.0)
      #expect(try output("ip -n \(lab.host) -o addr show dev proa0") == before.1)
    }
  }

  @Test(arguments: [[], ["web"]]) func `one that was made before there was a mark gets it`(live: [String]) async throws
  {
    try await Lab.run { lab in
      let web = try await lab.container("web")
      try await lab.withNetwork { service in
        try await service.restore(live: [])
        if !live.isEmpty { _ = try await service.attach(containerID: web.id, pid: web.pid) }
      }
      try shell("ip -n \(lab.host) link set proa0 alias ''")
      try await lab.withNetwork { service in try await service.restore(live: Set(live)) }
      #expect(try output("ip -n \(lab.host) link show proa0").contains("alias proa"))
    }
  }

  @Test func `one that was set up for us is taken, and one of ours in any case`() async throws {
    try await Lab.run { lab in
      try shell("ip -n \(lab.host) link add proa0 type bridge && ip -n \(lab.host) addr add 172.30.0.1/16 dev proa0")
      try await lab.withNetwork { service in try await service.restore(live: []) }
      try shell("ip -n \(lab.host) link del proa0")
      try await lab.withNetwork { service in try await service.restore(live: []) }
      try shell("ip netns exec \(lab.host) nft flush ruleset")
      try shell("ip netns exec \(lab.host) iptables -A FORWARD -i proa0 -j ACCEPT")
      try await lab.withNetwork(bip: "172.31.0.1/16") { service in try await service.restore(live: []) }
      #expect(try output("ip -n \(lab.host) addr show proa0").contains("172.31.0.1/16"))
    }
  }
}
