import Testing

@testable import LinuxKernel

struct AddressTests {
  @Test(arguments: ["0.0.0.0", "127.0.0.1", "172.30.0.1", "255.255.255.255"])
  func `a good address comes back as it was written`(text: String) {
    #expect(IPv4Address(text)?.description == text)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.+4", "1.2.3.4 ", "1..3.4", "a.b.c.d", "::1",
  ])
  func `what is no address is nil`(text: String) { #expect(IPv4Address(text) == nil) }

  @Test(arguments: ["::", "::1", "fd00::2", "2001:db8:1:2:3:4:5:6", "fe80::1:0:0:1", "::ffff:10.0.0.1"])
  func `a good address of IPv6 comes back as it was written`(text: String) {
    #expect(IPv6Address(text)?.description == text)
    #expect(IPAddress(text)?.description == text && IPAddress(text)?.isIPv6 == true)
  }

  @Test(arguments: ["", ":", ":::", "1.2.3.4", "fe80::1%eth0", "[::1]", "1::2::3", "12345::", "::1\0", "fd00::g"])
  func `what is no address of IPv6 is nil`(text: String) { #expect(IPv6Address(text) == nil) }

  @Test(arguments: [
    ("fd00::1/64", "fd00::", "fd00::ffff:ffff:ffff:ffff"), ("fd00::1/128", "fd00::1", "fd00::1"),
    ("fd00:1::5/20", "fd00::", "fd00:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
  ])
  func `a prefix of IPv6 has a first and a last address`(text: String, first: String, last: String) throws {
    let prefix = try #require(IPv6Prefix(text))
    #expect(prefix.description == text && prefix.contains(prefix.last))
    #expect(prefix.first.description == first && prefix.last.description == last)
    #expect(IPv6Prefix("\(first)/129") == nil)
  }

  @Test(arguments: [
    ("172.30.0.1/16", "172.30.0.0", "172.30.255.255"), ("10.1.2.3/8", "10.0.0.0", "10.255.255.255"),
    ("10.1.2.3/32", "10.1.2.3", "10.1.2.3"), ("10.1.2.3/0", "0.0.0.0", "255.255.255.255"),
    ("192.0.2.129/25", "192.0.2.128", "192.0.2.255"),
  ])
  func `a prefix has a first and a last address`(text: String, first: String, last: String) throws {
    let prefix = try #require(IPv4Prefix(text))
    #expect(prefix.description == text)
    #expect(prefix.first.description == first && prefix.last.description == last)
    #expect(prefix.contains(prefix.last))
  }

  @Test(arguments: ["10.0.0.1", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.1/+8", "10.0.0.1/08", "10.0.0.1/8/8", "/8"])
  func `what is no prefix is nil`(text: String) { #expect(IPv4Prefix(text) == nil) }

  @Test(arguments: [
    ("10.0.0.0/8", "10.200.0.0/16", true), ("10.200.0.0/16", "10.0.0.0/8", true), ("10.0.0.0/16", "10.1.0.0/16", false),
    ("0.0.0.0/0", "10.1.0.0/16", true),
  ])
  func `networks overlap or do not`(left: String, right: String, expected: Bool) throws {
    #expect(try #require(IPv4Prefix(left)).overlaps(try #require(IPv4Prefix(right))) == expected)
  }

  @Test func `a container's Ethernet address is made of its IPv4 address`() throws {
    let address = MACAddress(for: try #require(IPv4Address("172.30.1.255")))
    #expect(address.description == "02:42:ac:1e:01:ff")
    #expect(MACAddress(address.description) == address)
  }

  @Test(arguments: ["", "02:42", "02:42:ac:1e:01:f", "02:42:ac:1e:01:fg", "02:42:ac:1e:01:ff:00", "02-42-ac-1e-01-ff"])
  func `what is no Ethernet address is nil`(text: String) { #expect(MACAddress(text) == nil) }
}
