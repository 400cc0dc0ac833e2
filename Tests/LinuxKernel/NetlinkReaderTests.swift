import Testing

@testable import LinuxKernel

struct NetlinkReaderTests {
  /// RTM_NEWLINK of a bridge named `br0`: index 3, up, MTU 1500.
  static func bridge() -> [UInt8] {
    var writer = NetlinkWriter(type: 16, flags: [])
    writer.setSequence(9)
    writer.appendInterface(index: 3, up: true)
    writer.attribute(3, "br0")
    writer.attribute(4, UInt32(1500))
    writer.attribute(1, [0x02, 0x42, 0xAC, 0x1E, 0, 1])
    writer.nest(18) { $0.attribute(1, "bridge") }
    writer.attribute(20, "whose")
    return writer.bytes
  }

  @Test func `an interface is read as it was written`() throws {
    let messages = try NetlinkMessage.parse(Self.bridge())
    let link = try NetlinkLink(try #require(messages.first))
    #expect(link.index == 3 && link.name == "br0" && link.mtu == 1500 && link.kind == "bridge" && link.isUp)
    #expect(link.address?.description == "02:42:ac:1e:00:01")
    #expect(link.master == nil && link.alias == "whose")
    #expect(link.parent == nil && !link.hasParentElsewhere)
  }

  @Test func `an interface stands on another one, here or elsewhere`() throws {
    for isElsewhere in [false, true] {
      var writer = NetlinkWriter(type: 16, flags: [])
      writer.setSequence(9)
      writer.appendInterface(index: 3)
      writer.attribute(3, "eth0")
      writer.attribute(5, UInt32(7))
      if isElsewhere { writer.attribute(37, UInt32(0)) }
      let link = try NetlinkLink(try #require(try NetlinkMessage.parse(writer.bytes).first))
      #expect(link.parent == 7 && link.hasParentElsewhere == isElsewhere)
    }
  }

  @Test func `a datagram holds several messages, the last without padding`() throws {
    let short: [UInt8] = [17, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xFF]
    let messages = try NetlinkMessage.parse(short + [0, 0, 0] + Self.bridge() + short)
    #expect(messages.map(\.type) == [2, 16, 2])
    #expect(messages.map(\.payload.count) == [1, Self.bridge().count - 16, 1])
  }

  @Test(
    arguments: [
      [1], Array(repeating: 0, count: 16), [15, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
      [17, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
      [0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    ] as [[UInt8]])
  func `a message that does not fit is refused`(datagram: [UInt8]) {
    #expect(throws: NetlinkError.self) { try NetlinkMessage.parse(datagram) }
  }

  @Test(
    arguments: [[3, 0, 1, 0], [0, 0, 1, 0], [9, 0, 1, 0, 1, 2, 3, 4], [4, 0, 1, 0, 7], [0xFF, 0xFF, 1, 0]] as [[UInt8]])
  func `an attribute that does not fit is refused`(bytes: [UInt8]) {
    #expect(throws: NetlinkError.self) { try NetlinkAttributes(bytes[...]) }
  }

  @Test func `a number of another size and text that is not UTF-8 are nil`() throws {
    let attributes = try NetlinkAttributes([6, 0, 1, 0, 0xFF, 0xFE, 0, 0][...])
    #expect(attributes.integer(1, as: UInt32.self) == nil)
    #expect(attributes.integer(1, as: UInt16.self) == 0xFEFF)
    #expect(attributes.string(1) == nil)
    #expect(attributes.string(2) == nil)
  }

  /// Every mutation of a good message gives a value or a ``NetlinkError``; a trap would end the test process.
  @Test func `no mutation of a message is fatal`() throws {
    var random = SeededGenerator(state: 42)
    let good = Self.bridge()
    var refused = 0
    for _ in 0..<20_000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
      do { try Self.readEverything(bytes) } catch { refused += 1 }
    }
    #expect(refused > 1_000)
  }

  private static func readEverything(_ bytes: [UInt8]) throws(NetlinkError) {
    var reply = NetlinkReply(sequence: 9)
    let messages = try NetlinkMessage.parse(bytes)
    do { try reply.add(messages) { "test" } } catch {}
    for message in messages {
      do { _ = try NetlinkAddress<IPv4Address>(message) } catch {}
      do { _ = try NetlinkRoute<IPv4Address>(message) } catch {}
      do { _ = try NetlinkAddress<IPv6Address>(message) } catch {}
      do { _ = try NetlinkRoute<IPv6Address>(message) } catch {}
      _ = try NetlinkLink(message)
    }
  }
}

/// The same numbers in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
