internal import CZstd

/// Uncompresses Zstandard (RFC 8878), one frame after the other; skippable ones hold nothing.
///
/// A frame may ask for a window of 128 MiB at most, which is what the library takes where nobody says otherwise.
package final class Unzstd: ByteSource {
  /// What is wrong with the compressed bytes.
  package enum Failure: DecompressionFailure, Equatable, CustomStringConvertible {
    case truncated
    case corrupt(String)
    case memory

    package var description: String {
      switch self {
      case .truncated: "the zstd stream ends too early"
      case .corrupt(let what): "the zstd stream is corrupt: \(what)"
      case .memory: "no memory to uncompress in"
      }
    }
  }

  private static let inputSize = 128 << 10

  private let source: any ByteSource
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: Unzstd.inputSize, alignment: 16)
  private let stream: OpaquePointer
  /// What of `input` is to be read next, and where it ends.
  private var position = 0
  private var end = 0
  private var isBetweenFrames = true
  private var hasFrame = false

  package init(_ source: any ByteSource) throws {
    self.source = source
    guard let stream = ZSTD_createDStream() else {
      input.deallocate()
      throw Failure.memory
    }
    self.stream = stream
  }

  deinit {
    ZSTD_freeDStream(stream)
    input.deallocate()
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !buffer.isEmpty else { return 0 }
    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    while output.pos == 0 {
      if position == end, try !refill() {
        // The end of the input is not the end of what the decoder holds back.
        guard !isBetweenFrames else { return 0 }
        try step(&output)
        if output.pos == 0 { throw Failure.truncated }
      } else {
        try step(&output)
      }
    }
    return output.pos
  }

  /// - Returns: whether there is input; `false` at its end.
  private func refill() throws -> Bool {
    (position, end) = (0, try source.read(into: input))
    guard end > 0 else {
      guard hasFrame else { throw Failure.truncated }
      return false
    }
    return true
  }

  private func step(_ output: inout ZSTD_outBuffer) throws {
    var bytes = ZSTD_inBuffer(src: input.baseAddress, size: end, pos: position)
    let result = ZSTD_decompressStream(stream, &output, &bytes)
    position = bytes.pos
    guard ZSTD_isError(result) == 0 else {
      throw ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation
        ? Failure.memory : Failure.corrupt(String(cString: ZSTD_getErrorName(result)))
    }
    isBetweenFrames = result == 0
    hasFrame = hasFrame || isBetweenFrames
  }
}
