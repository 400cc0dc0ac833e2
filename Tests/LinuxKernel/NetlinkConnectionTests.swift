import Testing

@testable import LinuxKernel

/// What connection tracking is to forget, byte for byte (`linux/netfilter/nfnetlink_conntrack.h`).
struct NetlinkConnectionTests {
  /// Connection tracking's "delete", for IPv4 or IPv6 alone.
  private func header(_ length: UInt8, _ family: UInt8) -> [UInt8] {
    [length, 0, 0, 0, 2, 1, 0, 0] + [UInt8](repeating: 0, count: 8) + [family, 1, 0, 0]
  }

  @Test(arguments: [(.udp, 17), (.sctp, 132)] as [(NetlinkSocket.ConnectionFilter.Transport, UInt8)])
  func `packets to a port are told by protocol and port`(
    transport: NetlinkSocket.ConnectionFilter.Transport, number: UInt8
  ) {
    let filter = NetlinkSocket.ConnectionFilter.to(port: 0x1234, transport, isIPv6: false)
    let expected: [UInt8] =
      [24, 0, 1, 0x80, 20, 0, 2, 0x80, 5, 0, 1, 0, number, 0, 0, 0, 6, 0, 3, 0, 0x12, 0x34, 0, 0]
      + [20, 0, 25, 0x80, 8, 0, 1, 0, 0x28, 0, 0, 0, 8, 0, 2, 0, 0, 0, 0, 0]
    #expect(filter.message.bytes == header(UInt8(20 + expected.count), 2) + expected)
  }

  @Test func `packets that a container answers are told by its address`() throws {
    let address = try #require(IPAddress("172.30.0.2"))
    let expected: [UInt8] =
      [28, 0, 2, 0x80, 12, 0, 1, 0x80, 8, 0, 1, 0, 172, 30, 0, 2, 12, 0, 2, 0x80, 5, 0, 1, 0, 132, 0, 0, 0]
      + [20, 0, 25, 0x80, 8, 0, 1, 0, 0, 0, 0, 0, 8, 0, 2, 0, 9, 0, 0, 0]
    #expect(
      NetlinkSocket.ConnectionFilter.answeredBy(address, .sctp).message.bytes
        == header(UInt8(20 + expected.count), 2) + expected)
  }
}
