internal import CZlib

/// Compresses to one member of gzip (RFC 1952), which has neither a time nor a name: the same bytes always become the same.
package final class Gzip: ByteSource {
  private static let inputSize = 64 << 10
  private static let level: Int32 = 6
  private static let memoryLevel: Int32 = 8

  private let source: any ByteSource
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: Gzip.inputSize, alignment: 16)
  /// On the heap, because zlib keeps a pointer to it.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var isAtEnd = false
  private var hasEnded = false

  package init(_ source: any ByteSource) throws {
    self.source = source
    stream.initialize(to: z_stream())
    // 15 bits of window, plus 16 for gzip's header and trailer.
    let size = Int32(MemoryLayout<z_stream>.size)
    let result = deflateInit2_(
      stream, Self.level, Z_DEFLATED, 15 + 16, Self.memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
    guard result == Z_OK else { throw Gunzip.Failure.memory }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty, !hasEnded else { return 0 }
    let room = UInt32(clamping: buffer.count)
    stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: Bytef.self)
    stream.pointee.avail_out = room
    while stream.pointee.avail_out == room, !hasEnded {
      if stream.pointee.avail_in == 0, !isAtEnd { try refill() }
      hasEnded = deflate(stream, isAtEnd ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END
    }
    return Int(room - stream.pointee.avail_out)
  }

  private func refill() throws {
    let count = try source.read(into: input)
    isAtEnd = count == 0
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: Bytef.self)
    stream.pointee.avail_in = UInt32(count)
  }
}
