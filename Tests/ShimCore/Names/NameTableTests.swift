import LinuxKernel
import Testing

@testable import ShimCore

struct NameTableTests {
  private let front = NameTable("Front\n10.9.0.2 web WWW 0123456789ab\n10.9.0.3 second www\nnonsense\n10.9.0.4\n")
  private let back = NameTable("back\n10.8.0.9 store www\n")

  private func lookup(_ name: String, type: UInt16 = NameQuery.addressType, turn: Int = 0) throws -> NameLookup {
    NameLookup(try #require(NameQuery(question(name, type: type))), in: [front, back], turn: turn)
  }

  private func addresses(_ name: String, turn: Int = 0) throws -> [String]? {
    guard case .answer(let answer) = try lookup(name, turn: turn) else { return nil }
    return answer.records.map { if case .address(let address) = $0 { address.description } else { "a name" } }
  }

  @Test(
    arguments: [
      ("web", ["10.9.0.2"]), ("WEB", ["10.9.0.2"]), ("web.front", ["10.9.0.2"]), ("0123456789ab", ["10.9.0.2"]),
      ("www", ["10.9.0.2", "10.9.0.3"]), ("www.back", ["10.8.0.9"]), ("store", ["10.8.0.9"]), ("nobody", nil),
      ("web.back", nil), ("nonsense", nil), ("", nil),
    ] as [(String, [String]?)])
  func `names are those of the networks, the first network first`(name: String, expected: [String]?) throws {
    #expect(try addresses(name) == expected)
  }

  @Test func `each address is the first in its turn`() throws {
    #expect(try (0..<3).map { try addresses("www", turn: $0)?.first } == ["10.9.0.2", "10.9.0.3", "10.9.0.2"])
  }

  @Test func `of other types there is nothing of a name that is known`() throws {
    #expect(try lookup("web", type: NameQuery.ipv6Type) == .answer(NameAnswer()))
    #expect(try lookup("nobody", type: NameQuery.ipv6Type) == .unknown)
  }

  @Test(arguments: [
    ("3.0.9.10.in-addr.arpa", "second.front"), ("9.0.8.10.in-addr.arpa", "store.back"), ("1.0.8.10.in-addr.arpa", nil),
    ("0.8.10.in-addr.arpa", nil), ("in-addr.arpa", nil), ("web", nil),
  ])
  func `addresses lead back to names`(name: String, expected: String?) throws {
    let found = try lookup(name, type: NameQuery.pointerType)
    #expect(found == expected.map { .answer(NameAnswer(.fine, [.name($0)])) } ?? .unknown)
  }

  @Test(arguments: ["", "\n", "front", "front\n\n \n"])
  func `a table without names has none`(text: String) { #expect(NameTable(text).addresses(of: "front").isEmpty) }

  @Test func `addresses of both families have names, and each is asked for by its own type`() throws {
    let table = NameTable("front\n10.9.0.2 web www\nfd00::2 web www\nfd00::3 www\n")
    func records(_ name: String, _ type: UInt16) throws -> [NameAnswer.Record]? {
      let found = NameLookup(try #require(NameQuery(question(name, type: type))), in: [table], turn: 0)
      guard case .answer(let answer) = found else { return nil }
      return answer.records
    }
    let first = IPAddress.v6(try #require(IPv6Address("fd00::2")))
    let second = IPAddress.v6(try #require(IPv6Address("fd00::3")))
    #expect(try records("www", NameQuery.ipv6Type) == [.address(first), .address(second)])
    #expect(try records("www", NameQuery.addressType)?.count == 1)
    let zeros = String(repeating: "0.", count: 28)
    #expect(try records("3.0.\(zeros)d.f.ip6.arpa", NameQuery.pointerType) == [.name("www.front")])
    for name in ["3.\(zeros)d.f.ip6.arpa", "3.00.\(zeros)d.f.ip6.arpa", "x.0.\(zeros)d.f.ip6.arpa", "ip6.arpa"] {
      #expect(try records(name, NameQuery.pointerType) == nil)
    }
    let query = try #require(NameQuery(question("web", type: NameQuery.ipv6Type)))
    let answer = NameAnswer(.fine, [.address(first)]).bytes(for: query, isDatagram: true)
    #expect(Array(answer.suffix(18)) == [0, 16, 0xFD] + [UInt8](repeating: 0, count: 14) + [2])
  }

  @Test func `a name may stand for another`() throws {
    func known(_ name: String) throws -> Bool {
      let query = try #require(NameQuery(question(name)))
      return NameLookup(query, in: [front], aliases: ["db": "web", "gone": "nobody"], turn: 0) != .unknown
    }
    #expect(try ["db", "DB", "web", "gone", "nobody"].map(known) == [true, true, true, false, false])
  }
}
