package import NIOCore

/// Understands what a client sends over a WebSocket. Does no input or output itself: bytes go in as they come, events come
/// out. A message is not waited for: its bytes are passed on as they arrive, so that none is too long.
package struct WebSocketDecoder {
  package enum Event: Equatable {
    /// Bytes of a message, text or binary.
    case data(ByteBuffer)
    /// To be answered with a pong.
    case ping(ByteBuffer)
    /// The client sends no more.
    case closed
  }

  /// The client does not speak the protocol.
  package struct Violation: Error, Equatable {
    package let reason: String
  }

  /// A frame whose header was read.
  private struct Frame {
    let opcode: WebSocketFrame.Opcode
    let mask: UInt32
    let length: UInt64
    /// Bytes of the payload that were read.
    var done: UInt64 = 0
  }

  private var buffer = ByteBuffer()
  private var frame: Frame?
  /// Whether a message has begun that has not ended.
  private var isInMessage = false
  private var isClosed = false

  package init() {}

  package mutating func append(_ bytes: ByteBuffer) {
    buffer.discardReadBytes()
    buffer.writeImmutableBuffer(bytes)
  }

  /// What comes next, `nil` if more bytes are needed.
  package mutating func next() throws(Violation) -> Event? {
    while !isClosed {
      if frame == nil { frame = try header() }
      guard let current = frame else { return nil }
      if current.opcode.isControl {
        guard let payload = whole(current) else { return nil }
        frame = nil
        if let event = control(current.opcode, payload) { return event }
      } else {
        guard let event = data(current) else { return nil }
        if case .data(let bytes) = event, bytes.readableBytes == 0 { continue }
        return event
      }
    }
    return nil
  }

  private mutating func control(_ opcode: WebSocketFrame.Opcode, _ payload: ByteBuffer) -> Event? {
    isClosed = opcode == .close
    return isClosed ? .closed : opcode == .ping ? .ping(payload) : nil
  }

  // MARK: - Headers

  private mutating func header() throws(Violation) -> Frame? {
    var bytes = buffer
    guard let first = bytes.readInteger(as: UInt8.self), let second = bytes.readInteger(as: UInt8.self) else {
      return nil
    }
    guard first & 0x70 == 0, let opcode = WebSocketFrame.Opcode(rawValue: first & 0x0F) else {
      throw Violation(reason: "a frame of an unknown kind")
    }
    guard second & 0x80 != 0 else { throw Violation(reason: "a frame of a client that is not masked") }
    let isLast = first & 0x80 != 0
    guard let length = Self.length(second & 0x7F, &bytes), let mask = bytes.readInteger(as: UInt32.self) else {
      return nil
    }
    try check(opcode, isLast, length)
    buffer = bytes
    if !opcode.isControl { isInMessage = !isLast }
    return Frame(opcode: opcode, mask: mask, length: length)
  }

  private static func length(_ short: UInt8, _ bytes: inout ByteBuffer) -> UInt64? {
    switch short {
    case 126: bytes.readInteger(as: UInt16.self).map { UInt64($0) }
    case 127: bytes.readInteger(as: UInt64.self)
    default: UInt64(short)
    }
  }

  private func check(_ opcode: WebSocketFrame.Opcode, _ isLast: Bool, _ length: UInt64) throws(Violation) {
    guard length <= UInt64(Int64.max) else { throw Violation(reason: "a frame of \(length) bytes") }
    if opcode.isControl {
      guard isLast, length < 126 else { throw Violation(reason: "a control frame that is long, or in pieces") }
    } else if isInMessage != (opcode == .continuation) {
      throw Violation(reason: "a message inside another one, or a continuation of none")
    }
  }

  // MARK: - Payloads

  private mutating func whole(_ frame: Frame) -> ByteBuffer? {
    guard let payload = buffer.readSlice(length: Int(frame.length)) else { return nil }
    return Self.unmasked(payload, frame)
  }

  private mutating func data(_ current: Frame) -> Event? {
    var current = current
    let count = Int(min(current.length - current.done, UInt64(buffer.readableBytes)))
    let payload = buffer.readSlice(length: count) ?? ByteBuffer()
    if count == 0, current.length > current.done { return nil }
    let bytes = Self.unmasked(payload, current)
    current.done += UInt64(count)
    frame = current.done == current.length ? nil : current
    return .data(bytes)
  }

  private static func unmasked(_ payload: ByteBuffer, _ frame: Frame) -> ByteBuffer {
    var plain = payload
    let (mask, done) = (frame.mask, frame.done)
    plain.withUnsafeMutableReadableBytes { bytes in
      for index in bytes.indices {
        bytes[index] ^= UInt8(truncatingIfNeeded: mask >> (24 - (UInt32((done + UInt64(index)) % 4) * 8)))
      }
    }
    return plain
  }
}
