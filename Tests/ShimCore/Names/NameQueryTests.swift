import LinuxKernel
import Testing

@testable import ShimCore

/// A question as a resolver sends it.
func question(
  _ name: String, type: UInt16 = NameQuery.addressType, datagramSize: UInt16? = nil, id: UInt16 = 0x1234
) -> [UInt8] {
  var bytes: [UInt8] = []
  for number in [id, 0x0100, 1, 0, 0, datagramSize == nil ? 0 : 1] { bytes.append(number: number) }
  for label in name.split(separator: ".") { bytes += [UInt8(label.utf8.count)] + Array(label.utf8) }
  bytes += [0]
  bytes.append(number: type)
  bytes.append(number: 1)
  if let datagramSize {
    bytes += [0]
    for number in [41, datagramSize, 0, 0, 0] { bytes.append(number: number) }
  }
  return bytes
}

struct NameQueryTests {
  @Test func `a question is read, whatever its case`() throws {
    let query = try #require(NameQuery(question("Web.Front")))
    #expect(query.name == "web.front")
    #expect((query.id, query.type, query.queryClass) == (0x1234, 1, 1))
    #expect(query.recursionDesired && query.datagramSize == nil)
    #expect(NameQuery(question("a", datagramSize: 1232))?.datagramSize == 1232)
    #expect(NameQuery(question("a", datagramSize: 0))?.datagramSize == 512)
    #expect(NameQuery(question(""))?.name == "")
  }

  @Test func `what is no question is none, wherever it ends`() {
    let whole = question("web.front", datagramSize: 4096)
    for count in 0..<whole.count { #expect(NameQuery(Array(whole[..<count])) == nil) }
    var answer = whole
    answer[2] |= 0x80
    #expect(NameQuery(answer) == nil)
    #expect(NameAnswer.malformed(answer) == nil)
    var two = whole
    two[5] = 2
    #expect(NameQuery(two) == nil)
    #expect(NameAnswer.malformed(two)?.count == 12)
    // A name that points at itself, and labels that are too long together.
    #expect(NameQuery(Array(question("")[..<12]) + [0xC0, 0x0C, 0, 1, 0, 1]) == nil)
    #expect(NameQuery(question((0..<5).map { _ in String(repeating: "a", count: 63) }.joined(separator: "."))) == nil)
  }

  @Test func `an answer has the question and every address`() throws {
    let query = try #require(NameQuery(question("web")))
    let address = try #require(IPAddress("10.9.0.2"))
    let answer = NameAnswer(.fine, [.address(address)]).bytes(for: query, isDatagram: true)
    #expect(answer[..<12] == [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0])
    let record: [UInt8] = [0xC0, 0x0C, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 10, 9, 0, 2]
    #expect(Array(answer[12...]) == query.question + record)
    let pointer = NameAnswer(.fine, [.name("web.front")]).bytes(for: query, isDatagram: true)
    let name: [UInt8] = [3] + Array("web".utf8) + [5] + Array("front".utf8) + [0]
    #expect(Array(pointer.suffix(13)) == [0, 11] + name)
    #expect(NameAnswer(.failed).bytes(for: query, isDatagram: true)[3] == 0x82)
  }

  @Test func `what does not fit into a datagram is asked for again by a stream`() throws {
    let addresses = (0..<100).map { NameAnswer.Record.address(.v4(IPv4Address(rawValue: $0))) }
    let short = try #require(NameQuery(question("web")))
    let cut = NameAnswer(.fine, addresses).bytes(for: short, isDatagram: true)
    #expect(cut.count <= 512 && cut[2] & 2 != 0 && cut.number(6) == 0)
    #expect(NameAnswer(.fine, addresses).bytes(for: short, isDatagram: false).number(6) == 100)
    let long = try #require(NameQuery(question("web", datagramSize: 4096)))
    let whole = NameAnswer(.fine, addresses).bytes(for: long, isDatagram: true)
    #expect(whole.number(6) == 100 && whole.number(10) == 1 && whole[2] & 2 == 0)
  }
}
