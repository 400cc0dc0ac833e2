/// URL escapes (RFC 3986 §2.1).
enum PercentEncoding {
  /// - Throws: ``APIError`` 400 if an escape is malformed, or the result is not UTF-8 or holds a NUL.
  static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) throws(APIError) -> String {
    // Nearly every text is what it says.
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == 0 || plusIsSpace && $0 == UInt8(ascii: "+") })
    else { return String(text) }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard rest.count >= 2, let high = digit(rest.removeFirst()), let low = digit(rest.removeFirst()) else {
          throw .invalidParameter("invalid URL escape in \"\(text)\"")
        }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    guard !bytes.contains(0), let decoded = String(validating: bytes, as: UTF8.self) else {
      throw .invalidParameter("URL \"\(text)\" does not decode to UTF-8 text")
    }
    return decoded
  }

  /// As in a form: a space becomes `+`.
  static func form(_ text: String) -> String {
    var escaped: [UInt8] = []
    for byte in text.utf8 {
      switch Character(Unicode.Scalar(byte)) {
      case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "~": escaped.append(byte)
      case " ": escaped.append(UInt8(ascii: "+"))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        escaped += Array((byte < 16 ? "%0\(digits)" : "%\(digits)").utf8)
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
  }
}
