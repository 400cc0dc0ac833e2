package import NIOCore

/// Takes a message's body out of the bytes that follow its head (RFC 9112 §6 and §7), no further than its end.
package struct BodyDecoder: Sendable {
  package enum Step: Equatable {
    case data(ByteBuffer)
    case needsMore
    case end
  }

  private enum State {
    /// Bytes that are still to come.
    case fixed(Int)
    case untilClose
    case chunkSize
    case chunk(Int)
    case chunkEnd
    case trailers
    case done
    /// What follows cannot be made sense of.
    case failed(HTTPSyntaxError)
  }

  /// The longest line that states a chunk's size, and the longest trailer line.
  private static let lineLimit = 4096
  private static let trailerLimit = 64

  private var state: State
  private var trailers = 0

  package init(_ framing: BodyFraming) {
    switch framing {
    case .none: state = .done
    case .length(let length): state = .fixed(length)
    case .chunked: state = .chunkSize
    case .untilClose: state = .untilClose
    }
  }

  package var isDone: Bool { if case .done = state { true } else { false } }

  /// Whether the end of the connection is the end of the body, not a truncation.
  package var mayEndHere: Bool {
    switch state {
    case .done, .untilClose: true
    default: false
    }
  }

  /// - Throws: the same error again once it has thrown.
  package mutating func next(_ buffer: inout ByteBuffer) throws(HTTPSyntaxError) -> Step {
    do throws(HTTPSyntaxError) { return try step(&buffer) } catch {
      state = .failed(error)
      throw error
    }
  }

  private mutating func step(_ buffer: inout ByteBuffer) throws(HTTPSyntaxError) -> Step {
    while true {
      switch state {
      case .done: return .end
      case .failed(let error): throw error
      case .untilClose: return take(.max, from: &buffer) ?? .needsMore
      case .fixed(let rest):
        guard let data = take(rest, from: &buffer) else { return .needsMore }
        return data
      case .chunk(let rest):
        guard let data = take(rest, from: &buffer) else { return .needsMore }
        return data
      case .chunkSize, .chunkEnd, .trailers:
        guard let line = try Self.line(&buffer) else { return .needsMore }
        try advance(past: line)
      }
    }
  }

  /// Takes at most `limit` bytes of the current piece, and notes what is left of it.
  private mutating func take(_ limit: Int, from buffer: inout ByteBuffer) -> Step? {
    let count = min(limit, buffer.readableBytes)
    guard count > 0, let data = buffer.readSlice(length: count) else { return nil }
    switch state {
    case .fixed: state = limit == count ? .done : .fixed(limit - count)
    case .chunk: state = limit == count ? .chunkEnd : .chunk(limit - count)
    default: break
    }
    return .data(data)
  }

  private mutating func advance(past line: ByteBufferView) throws(HTTPSyntaxError) {
    switch state {
    case .chunkSize:
      let size = try Self.chunkSize(line)
      state = size == 0 ? .trailers : .chunk(size)
    case .chunkEnd:
      guard line.isEmpty else { throw .malformed("chunk is longer than announced") }
      state = .chunkSize
    default:
      trailers += 1
      guard trailers <= Self.trailerLimit else { throw .malformed("too many trailers") }
      if line.isEmpty { state = .done }
    }
  }

  private static func chunkSize(_ line: ByteBufferView) throws(HTTPSyntaxError) -> Int {
    let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 && $0 != 0x09 }
    guard digits.count <= 15, let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0,
      digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-")
    else { throw .malformed("chunk size") }
    return size
  }

  private static func line(_ buffer: inout ByteBuffer) throws(HTTPSyntaxError) -> ByteBufferView? {
    let view = buffer.readableBytesView
    guard let end = view.firstIndex(of: 0x0A) else {
      guard view.count <= lineLimit else { throw .malformed("chunk line is too long") }
      return nil
    }
    let length = end + 1 - view.startIndex
    guard length >= 2, length <= lineLimit, view[end - 1] == 0x0D else { throw .malformed("chunk line") }
    buffer.moveReaderIndex(forwardBy: length)
    return view[..<(end - 1)]
  }
}
