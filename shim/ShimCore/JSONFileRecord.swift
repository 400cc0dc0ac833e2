/// One line of Docker's `json-file` log format, byte for byte as Docker writes it:
/// `{"log":"hello\n","stream":"stdout","time":"2024-01-02T03:04:05.123456789Z"}`
package enum JSONFileRecord {
  package enum Stream: String, Sendable { case stdout, stderr }

  package static func append(_ piece: LogLineSplitter.Piece, _ stream: Stream, to log: inout [UInt8]) {
    log.append(contentsOf: #"{"log":""#.utf8)
    appendEscaped(piece.bytes, to: &log)
    if piece.endsLine { log.append(contentsOf: #"\n"#.utf8) }
    log.append(contentsOf: #"","stream":""#.utf8)
    log.append(contentsOf: stream.rawValue.utf8)
    log.append(contentsOf: #"","time":""#.utf8)
    log.append(contentsOf: Timestamp.text(piece.time, .trimmed))
    log.append(contentsOf: "\"}\n".utf8)
  }

  /// Every byte that is not part of well-formed UTF-8 becomes `\ufffd`, as Go decodes it.
  private static func appendEscaped(_ bytes: ArraySlice<UInt8>, to log: inout [UInt8]) {
    var index = bytes.startIndex
    var clean = index
    while index < bytes.endIndex {
      let byte = bytes[index]
      if isPlain(byte) {
        index += 1
        continue
      }
      let length = byte < 0x80 ? 1 : UTF8Sequence.length(bytes[index...])
      let escape = byte < 0x80 ? escape(byte) : escape(sequence: bytes[index..<index + max(length, 1)], length)
      if let escape {
        log.append(contentsOf: bytes[clean..<index])
        log.append(contentsOf: escape)
        clean = index + max(length, 1)
      }
      index += max(length, 1)
    }
    log.append(contentsOf: bytes[clean...])
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20..<0x80: !#""\<>&"#.utf8.contains(byte)
    default: false
    }
  }

  private static func escape(_ byte: UInt8) -> [UInt8] {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [UInt8(ascii: "\\"), byte]
    case 0x0A: return Array(#"\n"#.utf8)
    case 0x0D: return Array(#"\r"#.utf8)
    default:
      // Docker's own encoder knows no \t.
      let digits = Array("0123456789abcdef".utf8)
      return Array(#"\u00"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }

  /// `nil` for a sequence that stands as it is. U+2028 and U+2029 end lines in JavaScript, so Go escapes them.
  private static func escape(sequence: ArraySlice<UInt8>, _ length: Int) -> [UInt8]? {
    if length == 0 { return Array(#"\ufffd"#.utf8) }
    if sequence.elementsEqual([0xE2, 0x80, 0xA8]) { return Array(#"\u2028"#.utf8) }
    if sequence.elementsEqual([0xE2, 0x80, 0xA9]) { return Array(#"\u2029"#.utf8) }
    return nil
  }
}

/// Well-formed sequences of two to four bytes (Unicode, table 3-7).
enum UTF8Sequence {
  /// The length of the sequence that `bytes` start with, 0 if it is not well-formed.
  static func length(_ bytes: ArraySlice<UInt8>) -> Int {
    guard let first = bytes.first, let (length, second) = shape(first) else { return 0 }
    guard bytes.count >= length, second.contains(bytes[bytes.startIndex + 1]) else { return 0 }
    let rest = bytes.dropFirst(2).prefix(length - 2)
    return rest.allSatisfy { (0x80...0xBF).contains($0) } ? length : 0
  }

  /// How long a sequence that starts with `first` is, and what its second byte may be.
  private static func shape(_ first: UInt8) -> (Int, ClosedRange<UInt8>)? {
    switch first {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }
}
