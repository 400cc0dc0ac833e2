import LinuxKernel
import Logging
import Testing

@testable import Networks

/// The rules on a machine without `/etc/protocols`, from which nft knows what protocols are called. Needs root and nftables.
struct ProtocolNameTests {
  /// Hides the file from this thread alone.
  private static func hideNames() throws {
    try NamespaceKinds.mount.unshare()
    try Mounts.mount(nil, on: "/", flags: [.private, .recursive])
    // Where it is not there, there is nothing to hide.
    if try FileStatus.of("/etc/protocols") != nil {
      try Mounts.mount("/dev/null", on: "/etc/protocols", flags: .bind)
    }
  }

  private static func endpoint() -> Endpoint {
    var endpoint = Endpoint()
    (endpoint.containerID, endpoint.network, endpoint.isGateway) = ("web", "bridge", true)
    endpoint.address = IPv4Address("172.30.0.2")
    let open = PublishedPort(containerPort: 90, transport: .tcp, hostAddress: .v4(.any), hostPort: 0)
    endpoint.ports =
      [open]
      + TransportProtocol.allCases.flatMap { transport in
        [IPv4Address.any, IPv4Address(rawValue: 0x7F00_0001)].map { address in
          PublishedPort(containerPort: 80, transport: transport, hostAddress: .v4(address), hostPort: 8080)
        }
      }
    return endpoint
  }

  /// What ``Firewall/mend()`` says after somebody has changed other rules, and after he has changed ours.
  private static func mendings(hasNames: Bool) throws -> [Bool] {
    if !hasNames { try hideNames() }
    let firewall = Firewall(table: "proa", logger: Logger(label: "test"))
    let member = Ruleset.Member(bridge: "proa0", subnet: IPv4Prefix("172.30.0.0/16"))
    try firewall.restore(["bridge": member], [endpoint()])
    try NFTables.run("add table ip other", "change somebody else's rules")
    let first = try firewall.mend()
    try NFTables.run("delete element ip proa ports { 127.0.0.1 . udp . 8080 }", "change ours")
    return [first, try firewall.mend()]
  }

  @Test(arguments: [false, true]) func `rules that are right are left alone`(hasNames: Bool) async throws {
    try await Lab.run { lab in
      let host = try FileDescriptor.open("/run/netns/\(lab.host)")
      let told = try NetworkNamespace.onThread(in: host.number) { Result { try Self.mendings(hasNames: hasNames) } }
      #expect(try told.get() == [false, true])
    }
  }
}
