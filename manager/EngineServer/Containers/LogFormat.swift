internal import Containers
internal import HTTPWire
internal import NIOCore

/// How log entries are sent: framed as from an attach stream, as messages of a WebSocket, or raw as from a terminal.
struct LogFormat: Sendable {
  private enum Framing {
    case none
    case stream
    case messages(WebSocketFrame.Opcode)
  }

  private let timestamps: Bool
  private let details: Bool
  private let framing: Framing

  init(_ query: Query, terminal: Bool) {
    timestamps = query.bool("timestamps")
    details = query.bool("details")
    framing = terminal ? .none : .stream
  }

  /// Each entry as a message of a WebSocket.
  init(messages opcode: WebSocketFrame.Opcode) {
    (timestamps, details) = (false, false)
    framing = .messages(opcode)
  }

  @Sendable func bytes(_ batch: LogBatch) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(batch.bytes.count + batch.entries.count * (timestamps ? 40 : 8))
    var prefix = LogPrefix(timestamps: timestamps, details: details)
    batch.bytes.withUnsafeBytes { all in
      for entry in batch.entries {
        let (text, before) = (UnsafeRawBufferPointer(rebasing: all[entry.text]), prefix.bytes(entry))
        writeHeader(entry.stream, length: before.count + text.count, to: &buffer)
        if !before.isEmpty { buffer.writeBytes(before) }
        buffer.writeBytes(text)
      }
    }
    return buffer
  }

  private func writeHeader(_ stream: LogEntry.Stream, length: Int, to buffer: inout ByteBuffer) {
    switch framing {
    case .none: break
    case .stream: buffer.writeInteger(UInt64(stream.rawValue) << 56 | UInt64(length))
    case .messages(let opcode): WebSocketFrame.writeHeader(opcode, length: length, to: &buffer)
    }
  }
}

/// What is sent before an entry's text. Neighbours mostly have the same.
private struct LogPrefix {
  let timestamps: Bool
  let details: Bool
  private var text: [UInt8] = []
  private var time: Timestamp?
  private var attributes: LogEntryAttributes?

  init(timestamps: Bool, details: Bool) {
    self.timestamps = timestamps
    self.details = details
  }

  mutating func bytes(_ entry: LogEntry) -> [UInt8] {
    guard timestamps || details else { return [] }
    if entry.time == time, entry.attributes === attributes { return text }
    (time, attributes) = (entry.time, entry.attributes)
    let stamp = timestamps ? "\(entry.time) " : ""
    text = Array((stamp + (details ? Self.text(entry.attributes) + " " : "")).utf8)
    return text
  }

  /// `name=value,…`, sorted, each escaped as in a form.
  private static func text(_ attributes: LogEntryAttributes?) -> String {
    (attributes?.values ?? [:]).sorted { $0.key < $1.key }
      .map { "\(PercentEncoding.form($0.key))=\(PercentEncoding.form($0.value))" }.joined(separator: ",")
  }
}
