/// A question to a name server (RFC 1035 §4.1), as far as it must be understood: one question, and how long an answer may be.
package struct NameQuery: Equatable {
  package static let addressType: UInt16 = 1
  package static let pointerType: UInt16 = 12
  package static let ipv6Type: UInt16 = 28
  package static let internetClass: UInt16 = 1
  private static let optionsType: UInt16 = 41
  private static let headerLength = 12

  package let id: UInt16
  /// Whether the asker wants somebody else asked.
  package let recursionDesired: Bool
  /// Lower case, without a dot at its end; empty for the root.
  package let name: String
  package let type: UInt16
  package let queryClass: UInt16
  /// The question as it came, to be told again.
  package let question: [UInt8]
  /// How long a datagram with the answer may be; `nil` if the asker did not say, by EDNS (RFC 6891).
  package let datagramSize: UInt16?

  /// - Returns: `nil` for what is no question of one name, and so deserves no answer, or only an error.
  package init?(_ message: [UInt8]) {
    guard message.count > Self.headerLength, message[2] & 0xF8 == 0, message.number(4) == 1, message.number(6) == 0,
      message.number(8) == 0
    else { return nil }
    id = message.number(0)
    recursionDesired = message[2] & 1 != 0
    guard let (name, end) = Self.name(in: message, at: Self.headerLength), end + 4 <= message.count else { return nil }
    self.name = name
    type = message.number(end)
    queryClass = message.number(end + 2)
    question = Array(message[Self.headerLength..<(end + 4)])
    guard let size = Self.datagramSize(in: message, from: end + 4) else { return nil }
    datagramSize = size == 0 ? nil : max(size, 512)
  }

  /// A name without pointers: there is nothing before a question to point to.
  private static func name(in message: [UInt8], at start: Int) -> (String, end: Int)? {
    var (position, labels, length) = (start, [String](), 0)
    while position < message.count {
      let count = Int(message[position])
      position += 1
      if count == 0 { return (labels.joined(separator: "."), position) }
      length += count + 1
      guard count < 64, length < 255, position + count <= message.count else { return nil }
      let bytes = message[position..<(position + count)]
      labels.append(String(decoding: bytes.map { (65...90).contains($0) ? $0 | 32 : $0 }, as: UTF8.self))
      position += count
    }
    return nil
  }

  /// - Returns: 0 if the additional records say nothing of it; `nil` if they are no records.
  private static func datagramSize(in message: [UInt8], from start: Int) -> UInt16? {
    var (position, size) = (start, UInt16(0))
    for _ in 0..<message.number(10) {
      guard let (_, end) = name(in: message, at: position), end + 10 <= message.count else { return nil }
      if message.number(end) == optionsType { size = max(message.number(end + 2), 1) }
      position = end + 10 + Int(message.number(end + 8))
      guard position <= message.count else { return nil }
    }
    return size
  }
}

extension [UInt8] {
  /// Two bytes in the order of the wire.
  func number(_ index: Int) -> UInt16 { UInt16(self[index]) << 8 | UInt16(self[index + 1]) }

  mutating func append(number: UInt16) {
    append(UInt8(truncatingIfNeeded: number >> 8))
    append(UInt8(truncatingIfNeeded: number))
  }
}
