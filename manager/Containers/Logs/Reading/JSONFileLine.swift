internal import Glibc
internal import JSON

/// Reads one line of a `json-file` log.
///
/// A line as Docker and our shim write it is read here, without a value for each of its parts; whatever else is JSON and
/// has the right members, by the one reader that there is for JSON.
struct JSONFileLine {
  private var time = LastTime()
  private var attributes = LastAttributes()

  private static let head = Array(#"{"log":""#.utf8)
  private static let stream = Array(#","stream":"std"#.utf8)
  private static let attributes = Array(#""attrs":"#.utf8)
  private static let time = Array(#""time":""#.utf8)

  mutating func read(_ line: UnsafeRawBufferPointer, into batch: inout LogBatch) {
    let start = batch.bytes.count
    if readPlain(line, start, into: &batch) { return }
    batch.bytes.removeSubrange(start...)
    // A line that is no such object was torn by a crash of the machine: the others are still worth reading.
    guard
      let stored = try? StoredLine(jsonText: Array(line), limits: .init(size: JSONFileDecoder.longestLine, depth: 4))
    else { return }
    batch.bytes.append(contentsOf: stored.log.utf8)
    let attributes = stored.attributes.isEmpty ? nil : LogEntryAttributes(stored.attributes)
    batch.end(from: start, stored.stream == "stderr" ? .stderr : .stdout, stored.time, attributes)
  }

  /// - Returns: whether the line was as it usually is.
  private mutating func readPlain(_ line: UnsafeRawBufferPointer, _ start: Int, into batch: inout LogBatch) -> Bool {
    var scanner = LineScanner(line)
    guard scanner.accept(Self.head), scanner.string(into: &batch.bytes), scanner.accept(Self.stream) else {
      return false
    }
    let stream: LogEntry.Stream
    if scanner.accept("out\",") {
      stream = .stdout
    } else if scanner.accept("err\",") {
      stream = .stderr
    } else {
      return false
    }
    var carried: LogEntryAttributes?
    if scanner.accept(Self.attributes) {
      guard let raw = scanner.object(), scanner.accept(",") else { return false }
      guard let known = attributes.read(raw) else { return false }
      carried = known
    }
    guard scanner.accept(Self.time), let text = scanner.rest(before: "\"}"), let moment = time.read(text) else {
      return false
    }
    batch.end(from: start, stream, moment, carried)
    return true
  }
}

private struct StoredLine: JSONMappable {
  var log = ""
  var stream = ""
  var time = Timestamp(nanoseconds: 0)
  var attributes: [String: String] = [:]

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("log", &log)
    try json.required("stream", &stream)
    try json.required("time", &time)
    try json.nonEmpty("attrs", &attributes)
    guard ["stdout", "stderr"].contains(stream) else {
      throw JSONError(.invalid("\(stream) is no stream"), path: "stream")
    }
  }
}

/// Many records of a log have the same time: those that were written at once.
private struct LastTime {
  private var text: [UInt8] = []
  private var time = Timestamp(nanoseconds: 0)

  mutating func read(_ bytes: UnsafeRawBufferPointer) -> Timestamp? {
    if bytes.isSame(as: text) { return time }
    let text = Array(bytes)
    guard let time = Timestamp(utf8: text[...]) else { return nil }
    (self.text, self.time) = (text, time)
    return time
  }
}

/// All records of a container have the same attributes.
private struct LastAttributes {
  private var text: [UInt8] = []
  private var attributes: LogEntryAttributes?

  mutating func read(_ bytes: UnsafeRawBufferPointer) -> LogEntryAttributes? {
    if let attributes, bytes.isSame(as: text) { return attributes }
    text = Array(bytes)
    // What is no object of texts was not written by a log driver; the record is worth reading without it.
    attributes = (try? [String: String](jsonText: text)).map { LogEntryAttributes($0) }
    return attributes
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func isSame(as bytes: [UInt8]) -> Bool {
    guard let start = baseAddress, count == bytes.count else { return isEmpty && bytes.isEmpty }
    return memcmp(start, bytes, count) == 0
  }
}
