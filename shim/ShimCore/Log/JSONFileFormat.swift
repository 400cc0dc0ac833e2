internal import Glibc
internal import JSON
internal import LinuxKernel

/// Docker's `json-file` log format, byte for byte as Docker writes it:
/// `{"log":"hello\n","stream":"stdout","attrs":{"tag":"web"},"time":"2024-01-02T03:04:05.123456789Z"}`
package final class JSONFileFormat: LogFormat {
  package let separator: UInt8? = UInt8(ascii: "\n")
  private let head = Array(#"{"log":""#.utf8)
  private let lineEnd = Array(#"\n"#.utf8)
  private let tail = Array("\"}\n".utf8)
  /// What is between the text and the time.
  private let stdout: [UInt8]
  private let stderr: [UInt8]
  private var time = TimestampText()

  /// - Parameter attributes: what every record carries besides.
  package init(attributes: [String: String]) {
    var member = ""
    if !attributes.isEmpty {
      var object = JSONObject()
      for (key, value) in attributes.sorted(by: { $0.key < $1.key }) { object.append(key, .string(value)) }
      member = #""attrs":\#(JSONWriter.string(JSONValue.object(object))),"#
    }
    stdout = Array(#"","stream":"stdout",\#(member)"time":""#.utf8)
    stderr = Array(#"","stream":"stderr",\#(member)"time":""#.utf8)
  }

  package func bound(_ size: Int) -> Int { size * EscapedText.longest + max(stdout.count, stderr.count) + 64 }

  package func write(_ piece: LogPiece, _ stream: OutputStream, to target: UnsafeMutableRawPointer) -> Int {
    var end = target
    put(head, &end)
    end = EscapedText.write(piece.bytes, to: end)
    if piece.endsLine { put(lineEnd, &end) }
    put(stream == .stdout ? stdout : stderr, &end)
    put(time.text(piece.time), &end)
    put(tail, &end)
    return end - target
  }

  private func put(_ bytes: [UInt8], _ end: inout UnsafeMutableRawPointer) {
    bytes.withUnsafeBytes { end.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    end += bytes.count
  }
}

/// The text of the last time that was asked for: most records of a batch have the same.
private struct TimestampText {
  private var time = WallTime(seconds: 0, nanoseconds: 0)
  private var text: [UInt8] = Timestamp.text(WallTime(seconds: 0, nanoseconds: 0), .trimmed)

  mutating func text(_ time: WallTime) -> [UInt8] {
    if time != self.time {
      self.time = time
      text = Timestamp.text(time, .trimmed)
    }
    return text
  }
}
