import HTTPWire
import NIOCore
import Testing

@Suite struct WebSocketDecoderTests {
  /// A client's frame.
  static func frame(_ opcode: UInt8, _ payload: [UInt8], isLast: Bool = true) -> [UInt8] {
    let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
    let length: [UInt8] =
      payload.count < 126
      ? [UInt8(payload.count)] : [126, UInt8(payload.count >> 8), UInt8(truncatingIfNeeded: payload.count)]
    return [(isLast ? 0x80 : 0) | opcode, length[0] | 0x80] + length.dropFirst() + mask
      + payload.enumerated().map { $1 ^ mask[$0 % 4] }
  }

  /// The data of all events, and what else there was.
  private func decode(_ bytes: [UInt8], piece: Int) throws -> (data: [UInt8], others: [WebSocketDecoder.Event]) {
    var decoder = WebSocketDecoder()
    var (data, others): ([UInt8], [WebSocketDecoder.Event]) = ([], [])
    for start in stride(from: 0, to: bytes.count, by: piece) {
      decoder.append(ByteBuffer(bytes: bytes[start..<min(start + piece, bytes.count)]))
      while let event = try decoder.next() {
        if case .data(let bytes) = event { data += Array(bytes.readableBytesView) } else { others.append(event) }
      }
    }
    return (data, others)
  }

  @Test(arguments: [1, 2, 3, 7, 1000])
  func messagesArePassedOnHoweverTheyCome(piece: Int) throws {
    let long = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    let bytes =
      Self.frame(1, Array("He".utf8), isLast: false) + Self.frame(9, [1, 2]) + Self.frame(0, Array("llo".utf8))
      + Self.frame(2, []) + Self.frame(10, [9]) + Self.frame(2, long) + Self.frame(8, [3, 0xE8]) + Self.frame(2, [1])
    let found = try decode(bytes, piece: piece)
    #expect(found.data == Array("Hello".utf8) + long)
    #expect(found.others == [.ping(ByteBuffer(bytes: [1, 2])), .closed])
  }

  @Test(
    arguments: [
      [0x82, 0x01, 0x61], [0xC2, 0x80, 0, 0, 0, 0], [0x83, 0x80, 0, 0, 0, 0], [0x80, 0x80, 0, 0, 0, 0],
      [0x09, 0x80, 0, 0, 0, 0], [0x89, 0xFE, 0, 126, 0, 0, 0, 0],
      [0x82, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0x02, 0x80, 0, 0, 0, 0, 0x82, 0x80, 0, 0, 0, 0],
    ] as [[UInt8]])
  func whatTheStandardForbidsIsRefused(bytes: [UInt8]) {
    #expect(throws: WebSocketDecoder.Violation.self) { try decode(bytes, piece: 1000) }
  }

  @Test(arguments: [
    (0, [0x82, 0]), (125, [0x82, 125]), (126, [0x82, 126, 0, 126]), (65_536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
  ])
  func lengthsAreWrittenInTheShortestForm(length: Int, header: [UInt8]) {
    let frame = WebSocketFrame.bytes(.binary, ByteBuffer(repeating: 1, count: length))
    #expect(Array(frame.readableBytesView.prefix(header.count)) == header)
    #expect(frame.readableBytes == header.count + length)
  }
}
