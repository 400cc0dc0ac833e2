internal import CZlib

/// Uncompresses gzip (RFC 1952), one member after the other.
package final class Gunzip: ByteSource {
  /// What is wrong with the compressed bytes.
  package enum Failure: DecompressionFailure, Equatable, CustomStringConvertible {
    case truncated
    case corrupt(String)
    case memory

    package var description: String {
      switch self {
      case .truncated: "the gzip stream ends too early"
      case .corrupt(let what): "the gzip stream is corrupt: \(what)"
      case .memory: "no memory to uncompress in"
      }
    }
  }

  private static let inputSize = 64 << 10

  private let source: any ByteSource
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: Gunzip.inputSize, alignment: 16)
  /// On the heap, because zlib keeps a pointer to it.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var isBetweenMembers = true
  private var hasMember = false

  package init(_ source: any ByteSource) throws {
    self.source = source
    stream.initialize(to: z_stream())
    // 15 bits of window, plus 16 for gzip's header and trailer and nothing else.
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else { throw Failure.memory }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty else { return 0 }
    let room = UInt32(clamping: buffer.count)
    stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: Bytef.self)
    stream.pointee.avail_out = room
    while stream.pointee.avail_out == room {
      if stream.pointee.avail_in == 0, try !refill() { return 0 }
      try step()
    }
    return Int(room - stream.pointee.avail_out)
  }

  /// - Returns: whether there is input; `false` at the end of the last member.
  private func refill() throws -> Bool {
    let count = try source.read(into: input)
    guard count > 0 else {
      guard isBetweenMembers, hasMember else { throw Failure.truncated }
      return false
    }
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: Bytef.self)
    stream.pointee.avail_in = UInt32(count)
    return true
  }

  private func step() throws {
    isBetweenMembers = false
    switch inflate(stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR: return
    case Z_STREAM_END:
      isBetweenMembers = true
      hasMember = true
      inflateReset(stream)
    case Z_MEM_ERROR: throw Failure.memory
    default: throw Failure.corrupt(stream.pointee.msg.map { String(cString: $0) } ?? "unknown format")
    }
  }
}
