package import LinuxKernel

/// Cuts one stream of a container into log lines as Docker does: at line feeds, and after 16 KiB without one.
package struct LogLineSplitter {
  /// A piece of output that becomes one log record.
  package struct Piece {
    package var bytes: ArraySlice<UInt8>
    /// Whether a line feed followed, which is not in `bytes`.
    package var endsLine: Bool
    package var time: WallTime

    package init(bytes: ArraySlice<UInt8>, endsLine: Bool, time: WallTime) {
      self.bytes = bytes
      self.endsLine = endsLine
      self.time = time
    }
  }

  /// Bytes of a line that become one record at most.
  package static let limit = 16 << 10

  /// The start of a line whose end has not come yet.
  private var pending: [UInt8] = []
  /// When the first piece of a line that was cut was written; the line's other pieces carry the same time.
  private var cutSince: WallTime?

  package init() {}

  package mutating func split(_ chunk: [UInt8], at time: WallTime, _ body: (Piece) -> Void) {
    var rest = chunk[...]
    while !rest.isEmpty {
      let room = LogLineSplitter.limit - pending.count
      if let end = rest.prefix(room).firstIndex(of: 0x0A) {
        take(rest[..<end], endsLine: true, time, body)
        rest = rest[(end + 1)...]
      } else if rest.count >= room {
        take(rest.prefix(room), endsLine: false, time, body)
        rest = rest.dropFirst(room)
      } else {
        pending.append(contentsOf: rest)
        return
      }
    }
  }

  /// The stream has ended: what is left becomes a record without a line feed.
  package mutating func finish(at time: WallTime, _ body: (Piece) -> Void) {
    if !pending.isEmpty { take([], endsLine: false, time, body) }
  }

  private mutating func take(_ bytes: ArraySlice<UInt8>, endsLine: Bool, _ time: WallTime, _ body: (Piece) -> Void) {
    let moment = cutSince ?? time
    cutSince = endsLine ? nil : moment
    guard !pending.isEmpty else { return body(Piece(bytes: bytes, endsLine: endsLine, time: moment)) }
    pending.append(contentsOf: bytes)
    let line = pending
    pending = []
    body(Piece(bytes: line[...], endsLine: endsLine, time: moment))
  }
}
