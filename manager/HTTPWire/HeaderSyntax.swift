internal import NIOCore
internal import NIOHTTP1

/// The grammar of header lines (RFC 9110 §5, RFC 9112 §5).
enum HeaderSyntax {
  static func version(_ text: ByteBufferView) throws(HTTPSyntaxError) -> HTTPVersion {
    if text.elementsEqual("HTTP/1.1".utf8) { return .http1_1 }
    if text.elementsEqual("HTTP/1.0".utf8) { return .http1_0 }
    throw .unsupportedVersion(String(decoding: text.prefix(16), as: UTF8.self))
  }

  static func fields(_ lines: some Sequence<ByteBufferView>) throws(HTTPSyntaxError) -> HTTPHeaders {
    var headers = HTTPHeaders()
    for line in lines {
      // A folded line or a space before the colon has no colon right after a token.
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
        line[..<colon].allSatisfy(isToken)
      else { throw .malformed("header field") }
      let value = trimmed(line[(colon + 1)...])
      guard value.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
        throw .malformed("control character in a header field")
      }
      headers.add(name: String(decoding: line[..<colon], as: UTF8.self), value: String(decoding: value, as: UTF8.self))
    }
    return headers
  }

  static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  private static func trimmed(_ text: ByteBufferView) -> ByteBufferView {
    var text = text.drop { $0 == 0x20 || $0 == 0x09 }
    while let last = text.last, last == 0x20 || last == 0x09 { text = text.dropLast() }
    return text
  }
}
