/// One message out of a datagram.
package struct NetlinkMessage: Equatable, Sendable {
  package static let headerSize = 16

  package var type: UInt16
  package var flags: UInt16
  package var sequence: UInt32
  /// What follows the header.
  package var payload: ArraySlice<UInt8>

  /// Takes a datagram apart.
  /// - Throws: ``NetlinkError/malformed(_:)`` if a length field points outside of what was received.
  package static func parse(_ datagram: [UInt8]) throws(NetlinkError) -> [NetlinkMessage] {
    var messages: [NetlinkMessage] = []
    var rest = datagram[...]
    while !rest.isEmpty {
      guard rest.count >= headerSize, let length = rest.integer(at: 0, UInt32.self).map(Int.init),
        (headerSize...rest.count).contains(length), let type = rest.integer(at: 4, UInt16.self),
        let flags = rest.integer(at: 6, UInt16.self), let sequence = rest.integer(at: 8, UInt32.self)
      else { throw .malformed("a message's length does not fit its datagram") }
      let payload = rest[(rest.startIndex + headerSize)..<(rest.startIndex + length)]
      messages.append(NetlinkMessage(type: type, flags: flags, sequence: sequence, payload: payload))
      // The padding of the last message may be missing.
      rest = rest.dropFirst((length + 3) & ~3)
    }
    return messages
  }
}

/// The attributes of a message or of a nested attribute.
package struct NetlinkAttributes: Equatable, Sendable {
  private var values: [UInt16: ArraySlice<UInt8>] = [:]

  /// - Throws: ``NetlinkError/malformed(_:)`` if a length field points outside of `bytes`.
  package init(_ bytes: ArraySlice<UInt8>) throws(NetlinkError) {
    var rest = bytes
    while rest.count >= 4 {
      guard let length = rest.integer(at: 0, UInt16.self).map(Int.init), let type = rest.integer(at: 2, UInt16.self),
        (4...rest.count).contains(length)
      else { throw .malformed("an attribute's length does not fit its message") }
      // The two upper bits say nested and network byte order; the last of a kind counts, as in the kernel.
      values[type & 0x3FFF] = rest[(rest.startIndex + 4)..<(rest.startIndex + length)]
      rest = rest.dropFirst((length + 3) & ~3)
    }
    guard rest.isEmpty else { throw .malformed("\(rest.count) bytes after the last attribute") }
  }

  /// The attribute's content, nil if there is no such attribute.
  package subscript(_ type: UInt16) -> ArraySlice<UInt8>? { values[type] }

  /// A number of exactly the size of `Value`, else nil.
  package func integer<Value: FixedWidthInteger>(_ type: UInt16, as: Value.Type = Value.self) -> Value? {
    guard let bytes = values[type], bytes.count == MemoryLayout<Value>.size else { return nil }
    return bytes.integer(at: 0, Value.self)
  }

  /// Text up to its NUL, nil if it is not UTF-8.
  package func string(_ type: UInt16) -> String? {
    guard let bytes = values[type] else { return nil }
    return String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The attributes inside of an attribute; none if it is not there.
  package func nested(_ type: UInt16) throws(NetlinkError) -> NetlinkAttributes {
    try NetlinkAttributes(values[type] ?? [])
  }
}

extension ArraySlice<UInt8> {
  /// The number `offset` bytes after the start, nil if the slice ends before it does.
  package func integer<Value: FixedWidthInteger>(at offset: Int, _: Value.Type = Value.self) -> Value? {
    let size = MemoryLayout<Value>.size
    guard offset >= 0, offset + size <= count else { return nil }
    var value: Value = 0
    for index in (0..<size).reversed() {
      value = value << 8 | Value(truncatingIfNeeded: self[startIndex + offset + index])
    }
    return value
  }
}
