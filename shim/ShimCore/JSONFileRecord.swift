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
      if byte < 0x80 || needsEscape(bytes[index..<index + length]) {
        log.append(contentsOf: bytes[clean..<index])
        if byte < 0x80 {
          appendEscape(of: byte, to: &log)
        } else {
          appendEscape(of: bytes[index..<index + length], to: &log)
        }
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

  /// Without an array for each: a program may write nothing but zeros.
  private static func appendEscape(of byte: UInt8, to log: inout [UInt8]) {
    log.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): log.append(byte)
    case 0x0A: log.append(UInt8(ascii: "n"))
    case 0x0D: log.append(UInt8(ascii: "r"))
    default:
      // Docker's own encoder knows no \t.
      log.append(UInt8(ascii: "u"))
      log.append(UInt8(ascii: "0"))
      log.append(UInt8(ascii: "0"))
      log.append(hexadecimalDigit(byte >> 4))
      log.append(hexadecimalDigit(byte & 15))
    }
  }

  private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
  }

  /// What is no well-formed sequence (and empty), and U+2028 and U+2029, which end lines in JavaScript: as Go has it.
  private static func needsEscape(_ sequence: ArraySlice<UInt8>) -> Bool {
    guard let last = sequence.last else { return true }
    return sequence.count == 3 && (last == 0xA8 || last == 0xA9) && sequence.starts(with: [0xE2, 0x80])
  }

  private static func appendEscape(of sequence: ArraySlice<UInt8>, to log: inout [UInt8]) {
    switch sequence.last {
    case nil: log.append(contentsOf: #"\ufffd"#.utf8)
    case 0xA8: log.append(contentsOf: #"\u2028"#.utf8)
    default: log.append(contentsOf: #"\u2029"#.utf8)
    }
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
