import LinuxKernel
import Testing

@testable import Networks

struct AddressPoolTests {
  private func pool(_ gateway: String) throws -> AddressPool<IPv4Address> {
    AddressPool(gateway: try #require(IPv4Prefix(gateway)))
  }
  private func address(_ text: String) throws -> IPv4Address { try #require(IPv4Address(text)) }

  @Test(arguments: [
    ("172.30.0.1/16", ["172.30.0.2", "172.30.0.3"]),
    ("10.0.0.5/29", ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.6"]),
    ("10.0.0.2/30", ["10.0.0.1"]),
  ])
  func `addresses come in order, without the network's, the gateway's, the broadcast`(
    gateway: String, expected: [String]
  ) throws {
    var pool = try pool(gateway)
    let given = try expected.map { _ in try pool.allocate().description }
    #expect(given == expected)
  }

  @Test func `a full subnet says so, and has room again when one is freed`() throws {
    var pool = try pool("10.0.0.1/29")
    for _ in 0..<5 { _ = try pool.allocate() }
    #expect(throws: NetworkError.noFreeAddress(of: "10.0.0.0/29", isIPv6: false)) { try pool.allocate() }
    pool.free(try address("10.0.0.4"))
    #expect(try pool.allocate().description == "10.0.0.4")
  }

  @Test(arguments: [
    ("fd00::1/64", ["fd00::2", "fd00::3"]), ("fd00::5/126", ["fd00::6", "fd00::7"]),
    ("::1/0", ["::2", "::3"]),
  ])
  func `addresses of IPv6 come in order, and there is no broadcast`(gateway: String, expected: [String]) throws {
    var pool = AddressPool(gateway: try #require(IPv6Prefix(gateway)))
    #expect(try expected.map { _ in try pool.allocate().description } == expected)
  }

  @Test func `a full subnet of IPv6 says so`() throws {
    var pool = AddressPool(gateway: try #require(IPv6Prefix("fd00::1/126")))
    for _ in 0..<2 { _ = try pool.allocate() }
    #expect(throws: NetworkError.noFreeAddress(of: "fd00::/126", isIPv6: true)) { try pool.allocate() }
  }

  @Test func `a freed address rests until the others were given`() throws {
    var pool = try pool("10.0.0.1/29")
    let first = try pool.allocate()
    pool.free(first)
    #expect(
      try (0..<5).map { _ in try pool.allocate().description } == [
        "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.2",
      ])
  }

  @Test(arguments: [
    ("10.0.0.3", true), ("10.0.0.1", false), ("10.0.0.0", false), ("10.0.0.7", false), ("10.0.1.3", false),
  ])
  func `a lease of before is taken if it is the subnet's to give`(text: String, expected: Bool) throws {
    var pool = try pool("10.0.0.1/29")
    #expect(pool.take(try address(text)) == expected)
    #expect(!pool.take(try address(text)))
  }
}
