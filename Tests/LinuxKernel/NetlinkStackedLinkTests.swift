import Testing

@testable import LinuxKernel

/// Interfaces on top of others byte for byte, as `linux/if_link.h` lays them out.
struct NetlinkStackedLinkTests {
  /// RTM_NEWLINK, create and exclusive, of no family, index and flags.
  private static func header(_ length: UInt8) -> [UInt8] {
    [length, 0, 0, 0, 16, 0, 0, 6] + [UInt8](repeating: 0, count: 24)
  }

  private static func info(_ kind: String, _ data: [UInt8]) -> [UInt8] {
    let text = Array(kind.utf8) + [0]
    let padding = [UInt8](repeating: 0, count: (4 - text.count % 4) % 4)
    let name = [UInt8(text.count + 4), 0, 1, 0] + text + padding
    let inner = name + [UInt8(data.count + 4), 0, 2, 0x80] + data
    return [UInt8(inner.count + 4), 0, 18, 0x80] + inner
  }

  @Test(
    arguments: [
      (.macvlan(.isolated), info("macvlan", [8, 0, 1, 0, 1, 0, 0, 0])),
      (.macvlan(.vepa), info("macvlan", [8, 0, 1, 0, 2, 0, 0, 0])),
      (.macvlan(.bridge), info("macvlan", [8, 0, 1, 0, 4, 0, 0, 0])),
      (.macvlan(.passthru), info("macvlan", [8, 0, 1, 0, 8, 0, 0, 0])),
      (.ipvlan(.l2, .bridge), info("ipvlan", [6, 0, 1, 0, 0, 0, 0, 0, 6, 0, 2, 0, 0, 0, 0, 0])),
      (.ipvlan(.l3, .isolated), info("ipvlan", [6, 0, 1, 0, 1, 0, 0, 0, 6, 0, 2, 0, 1, 0, 0, 0])),
      (.ipvlan(.l3s, .vepa), info("ipvlan", [6, 0, 1, 0, 2, 0, 0, 0, 6, 0, 2, 0, 2, 0, 0, 0])),
      (.vlan(0x0A32), info("vlan", [6, 0, 1, 0, 0x32, 0x0A, 0, 0])),
    ] as [(StackedLink, [UInt8])])
  func `each kind is written with its mode`(link: StackedLink, expected: [UInt8]) {
    let bytes = link.message(name: nil, on: nil).bytes
    #expect(bytes == Self.header(UInt8(32 + expected.count)) + expected)
  }

  @Test func `an interface stands on another one, in another namespace`() throws {
    let address = try #require(MACAddress("02:42:c0:00:02:07"))
    let message = StackedLink.macvlan(.bridge).message(name: "v1", on: 2, address: address, mtu: 1400, namespace: 9)
    let expected: [UInt8] =
      [7, 0, 3, 0, 0x76, 0x31, 0, 0, 8, 0, 5, 0, 2, 0, 0, 0, 10, 0, 1, 0, 0x02, 0x42, 0xC0, 0, 2, 7, 0, 0]
      + [8, 0, 4, 0, 0x78, 5, 0, 0] + Self.info("macvlan", [8, 0, 1, 0, 4, 0, 0, 0]) + [8, 0, 28, 0, 9, 0, 0, 0]
    #expect(message.bytes == Self.header(UInt8(32 + expected.count)) + expected)
  }
}
