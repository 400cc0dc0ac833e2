package import NIOCore
package import NIOHTTP1

/// Reads the head of an HTTP/1.1 message (RFC 9112 §2 to §5), strictly: every deviation that two parsers could read
/// differently is an error. It takes nothing after the head, so that what follows can be a body, the next request or a
/// hijacked stream; NIOHTTP1's decoder parses ahead and so cannot be stopped between the two.
package struct HeadParser: Sendable {
  /// The most bytes of a head.
  private let limit: Int
  /// Bytes of the buffer that are known not to end the head.
  private var scanned = 0

  package init(limit: Int = 1 << 20) { self.limit = limit }

  /// - Returns: `nil` if the head is not complete yet; nothing was taken then.
  package mutating func request(_ buffer: inout ByteBuffer) throws(HTTPSyntaxError) -> HTTPRequestHead? {
    // RFC 9112 §2.2: empty lines before a request line are skipped.
    while buffer.getInteger(at: buffer.readerIndex, as: UInt16.self) == 0x0D0A { buffer.moveReaderIndex(forwardBy: 2) }
    guard let lines = try take(&buffer), let first = lines.first else { return nil }
    let parts = first.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(HeaderSyntax.isToken) else {
      throw .malformed("request line")
    }
    guard !parts[1].isEmpty, parts[1].allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw .malformed("request target")
    }
    let head = HTTPRequestHead(
      version: try HeaderSyntax.version(parts[2]),
      method: HTTPMethod(rawValue: String(decoding: parts[0], as: UTF8.self)),
      uri: String(decoding: parts[1], as: UTF8.self), headers: try HeaderSyntax.fields(lines.dropFirst()))
    try Self.checkHost(head)
    return head
  }

  /// RFC 9112 §3.2: since HTTP/1.1 there is exactly one.
  private static func checkHost(_ head: HTTPRequestHead) throws(HTTPSyntaxError) {
    let count = head.headers["Host"].count
    if count == 0, head.version == .http1_1 { throw .malformed("missing required Host header") }
    if count > 1 { throw .malformed("too many Host headers") }
  }

  /// - Returns: `nil` if the head is not complete yet; nothing was taken then.
  package mutating func response(_ buffer: inout ByteBuffer) throws(HTTPSyntaxError) -> HTTPResponseHead? {
    guard let lines = try take(&buffer), let first = lines.first else { return nil }
    let parts = first.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    // Digits only: Int also reads a sign.
    guard parts.count >= 2, parts[1].count == 3, parts[1].allSatisfy({ (0x30...0x39).contains($0) }),
      let code = Int(String(decoding: parts[1], as: UTF8.self)), code >= 100
    else { throw .malformed("status line") }
    let reason = parts.count == 3 ? String(decoding: parts[2], as: UTF8.self) : ""
    return HTTPResponseHead(
      version: try HeaderSyntax.version(parts[0]), status: HTTPResponseStatus(statusCode: code, reasonPhrase: reason),
      headers: try HeaderSyntax.fields(lines.dropFirst()))
  }

  /// The lines of the head without their ends, once all are there.
  private mutating func take(_ buffer: inout ByteBuffer) throws(HTTPSyntaxError) -> [ByteBufferView]? {
    guard let length = buffer.withUnsafeReadableBytes({ Self.length(of: $0, from: scanned) }) else {
      guard buffer.readableBytes <= limit else { throw .headTooLong(limit: limit) }
      scanned = max(0, buffer.readableBytes - 3)
      return nil
    }
    guard length <= limit else { throw .headTooLong(limit: limit) }
    scanned = 0
    guard let head = buffer.readSlice(length: length)?.readableBytesView else { return nil }
    return try Self.lines(head.dropLast(4))
  }

  /// The bytes up to and including the empty line.
  private static func length(of bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var index = start
    while index + 4 <= bytes.count {
      if bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self) == UInt32(bigEndian: 0x0D0A_0D0A) {
        return index + 4
      }
      index += 1
    }
    return nil
  }

  private static func lines(_ head: ByteBufferView) throws(HTTPSyntaxError) -> [ByteBufferView] {
    var lines: [ByteBufferView] = []
    var rest = head
    while let end = rest.firstIndex(of: 0x0D) {
      guard rest.endIndex - end > 1, rest[end + 1] == 0x0A else { throw .malformed("carriage return inside a line") }
      lines.append(rest[..<end])
      rest = rest[(end + 2)...]
    }
    lines.append(rest)
    return lines
  }
}
