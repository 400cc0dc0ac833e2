package import NIOCore
package import NIOHTTP1

extension ByteBuffer {
  /// Appends the head of a request and its empty line.
  package mutating func writeHead(_ head: HTTPRequestHead) {
    writeString("\(head.method.rawValue) \(head.uri) HTTP/1.1\r\n")
    writeFields(head.headers)
  }

  /// Appends the head of a response and its empty line.
  package mutating func writeHead(_ head: HTTPResponseHead) {
    reserveCapacity(minimumWritableBytes: Self.usualHead)
    writeStaticString(head.version.minor == 0 ? "HTTP/1.0 " : "HTTP/1.1 ")
    writeString(String(head.status.code))
    writeStaticString(" ")
    writeString(head.status.reasonPhrase)
    writeStaticString("\r\n")
    writeFields(head.headers)
  }

  /// Bytes that are enough for most heads.
  private static let usualHead = 512

  private mutating func writeFields(_ headers: HTTPHeaders) {
    for (name, value) in headers {
      writeString(name)
      writeStaticString(": ")
      // A line end in a value would start a header of its own.
      writeString(value.utf8.contains { $0 < 0x20 && $0 != 0x09 } ? value.filter { $0 >= " " } : value)
      writeStaticString("\r\n")
    }
    writeStaticString("\r\n")
  }

  /// `bytes` as one chunk (RFC 9112 §7.1), in pieces that are to be written one after another.
  package static func chunk(_ bytes: ByteBuffer) -> [ByteBuffer] {
    [ByteBuffer(string: "\(String(bytes.readableBytes, radix: 16))\r\n"), bytes, ByteBuffer(staticString: "\r\n")]
  }

  /// What ends a chunked body.
  package static let lastChunk = ByteBuffer(staticString: "0\r\n\r\n")
}
