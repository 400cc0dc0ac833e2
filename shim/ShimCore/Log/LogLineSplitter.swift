internal import Glibc
package import LinuxKernel

/// A piece of output that becomes one log record.
package struct LogPiece {
  /// Which piece of a line that was cut this is.
  package struct Part: Equatable {
    /// A random number that all pieces of the line have.
    package var line: SIMD4<UInt64>
    /// From 1 on.
    package var ordinal: Int32

    package init(line: SIMD4<UInt64>, ordinal: Int32) {
      self.line = line
      self.ordinal = ordinal
    }
  }

  /// There only as long as the call lasts that is given the piece.
  package var bytes: UnsafeRawBufferPointer
  /// Whether a line feed followed, which is not in `bytes`.
  package var endsLine: Bool
  package var time: WallTime
  package var part: Part?

  package init(bytes: UnsafeRawBufferPointer, endsLine: Bool, time: WallTime, part: Part? = nil) {
    self.bytes = bytes
    self.endsLine = endsLine
    self.time = time
    self.part = part
  }
}

/// Cuts one stream of a container into log lines as Docker does: at line feeds, and after 16 KiB without one.
package struct LogLineSplitter {
  /// Bytes of a line that become one record at most.
  package static let limit = 16 << 10

  /// The start of a line whose end has not come yet.
  private var pending: [UInt8] = []
  /// Of a line that was cut: its number, and when its first piece was written, which is the time of all.
  private var cut: (part: LogPiece.Part, since: WallTime)?

  package init() {}

  package mutating func split(_ chunk: UnsafeRawBufferPointer, at time: WallTime, _ body: (LogPiece) -> Void) {
    var rest = chunk
    while let start = rest.baseAddress, !rest.isEmpty {
      let room = LogLineSplitter.limit - pending.count
      let window = min(room, rest.count)
      if let end = memchr(start, 0x0A, window) {
        let length = UnsafeRawPointer(end) - start
        take(UnsafeRawBufferPointer(rebasing: rest[..<length]), endsLine: true, time, body)
        rest = UnsafeRawBufferPointer(rebasing: rest[(length + 1)...])
      } else if rest.count >= room {
        take(UnsafeRawBufferPointer(rebasing: rest[..<room]), endsLine: false, time, body)
        rest = UnsafeRawBufferPointer(rebasing: rest[room...])
      } else {
        pending.append(contentsOf: rest)
        return
      }
    }
  }

  /// The stream has ended: what is left becomes a record without a line feed.
  package mutating func finish(at time: WallTime, _ body: (LogPiece) -> Void) {
    if !pending.isEmpty { take(UnsafeRawBufferPointer(start: nil, count: 0), endsLine: false, time, body) }
  }

  private mutating func take(
    _ bytes: UnsafeRawBufferPointer, endsLine: Bool, _ time: WallTime, _ body: (LogPiece) -> Void
  ) {
    let (moment, part) = mark(endsLine, time)
    guard !pending.isEmpty else { return body(LogPiece(bytes: bytes, endsLine: endsLine, time: moment, part: part)) }
    pending.append(contentsOf: bytes)
    pending.withUnsafeBytes { body(LogPiece(bytes: $0, endsLine: endsLine, time: moment, part: part)) }
    // Most lines end where they began: what did not is not worth keeping memory for.
    pending = []
  }

  /// When the piece was written, and which one it is of a line that is cut.
  private mutating func mark(_ endsLine: Bool, _ time: WallTime) -> (WallTime, LogPiece.Part?) {
    guard let (part, since) = cut else {
      if endsLine { return (time, nil) }
      let part = LogPiece.Part(line: .random(in: 0 ... .max), ordinal: 1)
      cut = (LogPiece.Part(line: part.line, ordinal: 2), time)
      return (time, part)
    }
    cut = endsLine ? nil : (LogPiece.Part(line: part.line, ordinal: part.ordinal + 1), since)
    return (since, part)
  }
}
