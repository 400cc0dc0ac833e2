/// Cuts a byte stream into frames. Does no input or output itself: bytes go in as they come, frames come out.
///
/// Holds at most one incomplete frame plus what was appended since the last ``next()``. A stream that went wrong stays
/// wrong: the same error is thrown again.
public struct FrameDecoder: Sendable {
  private var buffer: [UInt8] = []
  private var start = 0
  private var failure: FrameError?

  public init() {}

  /// Bytes that are waiting for the rest of their frame.
  public var pendingCount: Int { buffer.count - start }

  public mutating func append(_ bytes: some Sequence<UInt8>) {
    guard failure == nil else { return }
    compact()
    buffer.append(contentsOf: bytes)
  }

  /// The next complete frame, `nil` if more bytes are needed.
  public mutating func next() throws(FrameError) -> Frame? {
    if let failure { throw failure }
    do throws(FrameError) { return try decode() } catch {
      failure = error
      buffer = []
      start = 0
      throw error
    }
  }

  private mutating func decode() throws(FrameError) -> Frame? {
    guard pendingCount >= 1 else { return nil }
    guard let kind = Frame.Kind(rawValue: buffer[start]) else { throw .unknownKind(buffer[start]) }
    guard pendingCount >= Frame.headerSize else { return nil }
    guard buffer[start + 1..<start + 4].allSatisfy({ $0 == 0 }) else { throw .reservedBytes }
    let length = buffer[start + 4..<start + 8].reduce(0) { $0 << 8 | Int($1) }
    guard length <= kind.limit else { throw .tooLong(kind: kind, length: length) }
    let end = start + Frame.headerSize + length
    guard end <= buffer.count else { return nil }
    let frame = Frame(kind, Array(buffer[start + Frame.headerSize..<end]))
    start = end
    return frame
  }

  /// Gives back what has been read, and the memory of a long frame that is over.
  private mutating func compact() {
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: buffer.capacity <= 16 << 10)
    } else if start > 0 {
      buffer.removeSubrange(..<start)
    }
    start = 0
  }
}
