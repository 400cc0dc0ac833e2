import Testing

@testable import LinuxKernel

/// Messages byte for byte, as the kernel's headers lay them out.
struct NetlinkWriterTests {
  @Test func `a message carries its length, type, flags and sequence`() {
    var writer = NetlinkWriter(type: 16, flags: [.create, .exclusive])
    writer.setSequence(7)
    writer.flags.formUnion([.request, .acknowledge])
    writer.append(UInt32(0xAABB_CCDD))
    #expect(writer.bytes == [20, 0, 0, 0, 16, 0, 0x05, 0x06, 7, 0, 0, 0, 0, 0, 0, 0, 0xDD, 0xCC, 0xBB, 0xAA])
  }

  @Test(
    arguments: [
      ("", [5, 0, 3, 0, 0, 0, 0, 0]), ("a", [6, 0, 3, 0, 0x61, 0, 0, 0]), ("abc", [8, 0, 3, 0, 0x61, 0x62, 0x63, 0]),
      ("abcd", [9, 0, 3, 0, 0x61, 0x62, 0x63, 0x64, 0, 0, 0, 0]),
    ] as [(String, [UInt8])])
  func `text ends with NUL and is padded to four`(text: String, expected: [UInt8]) {
    var writer = NetlinkWriter(type: 16, flags: [])
    writer.attribute(3, text)
    #expect(Array(writer.bytes.dropFirst(16)) == expected)
    #expect(writer.bytes[0] == UInt8(16 + expected.count))
  }

  @Test func `a nested attribute counts what is in it`() {
    var writer = NetlinkWriter(type: 16, flags: [])
    writer.nest(18) { info in
      info.attribute(1, "veth")
      info.nest(2) { $0.attribute(4, UInt32(1500)) }
    }
    let expected: [UInt8] = [
      28, 0, 18, 0x80, 9, 0, 1, 0, 0x76, 0x65, 0x74, 0x68, 0, 0, 0, 0, 12, 0, 2, 0x80, 8, 0, 4, 0, 0xDC, 5, 0, 0,
    ]
    #expect(Array(writer.bytes.dropFirst(16)) == expected)
  }

  @Test func `an address is written with its local and its peer's form`() throws {
    let prefix = try #require(IPv4Prefix("172.30.0.2/16"))
    let bytes = NetlinkAddress(link: 5, prefix: prefix).message(20, [.create, .replace]).bytes
    let expected: [UInt8] = [
      40, 0, 0, 0, 20, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 2, 16, 0, 0, 5, 0, 0, 0,
      8, 0, 2, 0, 172, 30, 0, 2, 8, 0, 1, 0, 172, 30, 0, 2,
    ]
    #expect(bytes == expected)
  }

  @Test func `an address of IPv6 is usable at once`() throws {
    let prefix = try #require(IPv6Prefix("fd00::2/64"))
    let address: [UInt8] = [0xFD] + [UInt8](repeating: 0, count: 14) + [2]
    let expected: [UInt8] = [64, 0, 0, 0, 20, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 10, 64, 2, 0, 5, 0, 0, 0]
    #expect(
      NetlinkAddress(link: 5, prefix: prefix).message(20, [.create, .replace]).bytes
        == expected + [20, 0, 2, 0] + address + [20, 0, 1, 0] + address)
  }

  @Test func `the default route has a gateway and no destination`() throws {
    let gateway = try #require(IPv4Address("172.30.0.1"))
    let route = NetlinkRoute.byDefault(through: gateway, link: 2)
    let expected: [UInt8] = [
      44, 0, 0, 0, 24, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0,
      8, 0, 5, 0, 172, 30, 0, 1, 8, 0, 4, 0, 2, 0, 0, 0,
    ]
    #expect(route.message(24, [.create, .exclusive]).bytes == expected)
  }
}
