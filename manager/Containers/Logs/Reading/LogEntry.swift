/// A record of a container's log. Its text is in the batch that it came with.
public struct LogEntry: Equatable, Sendable {
  public enum Stream: UInt8, Sendable { case stdout = 1, stderr = 2 }

  /// Where the text is, with its line end if the process wrote one.
  public var text: Range<Int>
  public var stream: Stream
  public var time: Timestamp
  /// What the log was asked to say of the container in every record, by name.
  public var attributes: LogEntryAttributes?
}

/// The attributes of records, of which all of a container have the same.
public final class LogEntryAttributes: Sendable, Equatable {
  public let values: [String: String]

  package init(_ values: [String: String]) { self.values = values }

  public static func == (left: LogEntryAttributes, right: LogEntryAttributes) -> Bool { left.values == right.values }
}

/// Records that were read at once, and the bytes of all of them.
public struct LogBatch: Sendable {
  public internal(set) var bytes: [UInt8] = []
  public private(set) var entries: [LogEntry] = []
  let request: LogRequest

  package init(_ request: LogRequest = LogRequest()) { self.request = request }

  /// Makes the bytes that were added last, from `start` on, an entry, if it is one of those that are wanted.
  mutating func end(
    from start: Int, _ stream: LogEntry.Stream, _ time: Timestamp, _ attributes: LogEntryAttributes? = nil
  ) {
    guard request.wants(stream, time) else { return bytes.removeSubrange(start...) }
    entries.append(LogEntry(text: start..<bytes.count, stream: stream, time: time, attributes: attributes))
  }

  package mutating func append(
    _ text: String, _ stream: LogEntry.Stream, _ time: Timestamp, _ attributes: LogEntryAttributes? = nil
  ) {
    let start = bytes.count
    bytes += Array(text.utf8)
    end(from: start, stream, time, attributes)
  }

  /// A remark that is in no file.
  mutating func remark(_ text: String, _ time: Timestamp) { append("[proa: \(text)]\n", .stderr, time) }
}
