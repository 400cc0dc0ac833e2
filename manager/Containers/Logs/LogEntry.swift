public import JSON

/// A line of a container's log: Docker's `json-file` format, `{"log": "text\n", "stream": "stdout", "time": "…"}`.
public struct LogEntry: Equatable, Sendable {
  public enum Stream: String, Sendable, JSONConvertible { case stdout, stderr }

  /// With its line end, if the process wrote one.
  public var text: String
  public var stream: Stream
  public var time: Timestamp

  public init(text: String, stream: Stream, time: Timestamp) {
    self.text = text
    self.stream = stream
    self.time = time
  }

  /// - Throws: `JSONError` if the line is something else: torn by a crash, or the shim's own remark.
  init(line: [UInt8]) throws(JSONError) {
    let stored = try StoredLine(jsonText: line, limits: .init(size: LogFile.longestLine, depth: 4))
    self.init(text: stored.log, stream: stored.stream, time: stored.time)
  }
}

private struct StoredLine: JSONMappable {
  var log = ""
  var stream = LogEntry.Stream.stdout
  var time = Timestamp(nanoseconds: 0)

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("log", &log)
    try json.required("stream", &stream)
    try json.required("time", &time)
  }
}
