package import NIOCore

/// A frame of a WebSocket as the server sends it: whole, and not masked (RFC 6455 §5).
package enum WebSocketFrame {
  package enum Opcode: UInt8, Sendable {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    package var isControl: Bool { rawValue >= 8 }
  }

  /// Why a WebSocket is closed (RFC 6455 §7.4.1).
  package enum CloseCode: UInt16, Sendable {
    case normal = 1000
    case protocolError = 1002
  }

  package static func bytes(_ opcode: Opcode, _ payload: ByteBuffer) -> ByteBuffer {
    var frame = ByteBuffer()
    frame.reserveCapacity(payload.readableBytes + 10)
    writeHeader(opcode, length: payload.readableBytes, to: &frame)
    frame.writeImmutableBuffer(payload)
    return frame
  }

  package static func close(_ code: CloseCode) -> ByteBuffer { bytes(.close, ByteBuffer(integer: code.rawValue)) }

  /// What is before a payload of `length` bytes.
  package static func writeHeader(_ opcode: Opcode, length: Int, to buffer: inout ByteBuffer) {
    buffer.writeInteger(0x80 | opcode.rawValue)
    switch length {
    case ..<126: buffer.writeInteger(UInt8(length))
    case ..<0x1_0000: buffer.writeMultipleIntegers(UInt8(126), UInt16(length))
    default: buffer.writeMultipleIntegers(UInt8(127), UInt64(length))
    }
  }
}
