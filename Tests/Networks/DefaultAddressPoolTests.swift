import LinuxKernel
import Testing

@testable import Networks

struct DefaultAddressPoolTests {
  private func prefix(_ text: String) throws -> IPv4Prefix { try #require(IPv4Prefix(text)) }

  @Test(
    arguments: [
      ([], "10.0.0.0/24"), (["10.0.0.0/24"], "10.0.1.0/24"), (["10.0.0.128/25", "10.0.1.5/32"], "10.0.2.0/24"),
      (["10.0.0.0/23", "10.0.2.0/24"], "10.0.3.0/24"), (["10.0.1.0/24"], "10.0.0.0/24"), (["10.0.0.0/8"], nil),
      (["10.0.0.0/23", "10.0.2.0/23"], nil), (["192.0.2.0/24"], "10.0.0.0/24"),
    ] as [([String], String?)])
  func `the first piece that is nobody's is taken`(taken: [String], expected: String?) throws {
    let pool = try DefaultAddressPool("base=10.0.0.0/22,size=24")
    #expect(pool.firstFree(avoiding: try taken.map(prefix))?.description == expected)
  }

  @Test func `the last addresses there are can be had`() throws {
    let pool = try DefaultAddressPool("base=255.255.255.0/24,size=30")
    #expect(pool.firstFree(avoiding: [try prefix("255.255.255.0/25")])?.description == "255.255.255.128/30")
    #expect(pool.firstFree(avoiding: [try prefix("255.255.255.0/24")]) == nil)
  }

  @Test func `there is room for many networks by default`() throws {
    var taken: [IPv4Prefix] = []
    for pool in DefaultAddressPool.standard {
      while taken.count < 1000, let piece = pool.firstFree(avoiding: taken) { taken.append(piece) }
    }
    #expect(taken.count == 1000)
  }

  @Test(arguments: [
    "", "base=10.0.0.0/8", "size=24", "base=10.0.0.1/8,size=24", "base=10.0.0.0/8,size=7", "base=10.0.0.0/8,size=31",
    "base=10.0.0.0/8,size=24,x=1", "base=10.0.0.0/8,size=24,size=24", "base=fd00::/8,size=64", "base=,size=",
  ])
  func `what is no pool is refused`(text: String) {
    #expect(throws: NetworkError.self) { try DefaultAddressPool(text) }
  }
}
