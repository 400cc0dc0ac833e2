public import JSON

/// The name of content by what it holds: `sha256:` and 64 lower-case hexadecimal digits (image-spec descriptor.md §Digests).
public struct Digest: Hashable, Sendable {
  /// The digits without the algorithm.
  public let encoded: String

  /// Takes the 32 bytes that SHA-256 gives.
  /// - Precondition: there are exactly 32.
  public init(sha256 bytes: some Sequence<UInt8>) {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    precondition(text.count == 64, "SHA-256 gives 32 bytes")
    encoded = String(decoding: text, as: UTF8.self)
  }

  /// Takes the 64 digits without the algorithm, as Docker names files and shortens identifiers.
  /// - Throws: ``DigestError/malformed(_:)``.
  public init(encoded: some StringProtocol) throws(DigestError) {
    guard encoded.utf8.count == 64, encoded.utf8.allSatisfy(Self.isDigit) else { throw .malformed(String(encoded)) }
    self.encoded = String(encoded)
  }

  /// Takes the full form, `sha256:…`.
  /// - Throws: ``DigestError/unsupportedAlgorithm(_:)`` for well-formed digests of other algorithms.
  public init(_ text: some StringProtocol) throws(DigestError) {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { throw .malformed(String(text)) }
    guard text[..<colon] == "sha256" else {
      throw text[..<colon] == "sha512" ? .unsupportedAlgorithm(String(text)) : .malformed(String(text))
    }
    do { try self.init(encoded: text[text.index(after: colon)...]) } catch { throw .malformed(String(text)) }
  }

  /// The first twelve digits, which Docker shows.
  public var short: String { String(encoded.prefix(12)) }

  static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: false
    }
  }
}

/// Why a text is not a digest that can be used.
public enum DigestError: Error, Equatable, Sendable {
  case malformed(String)
  /// A digest by the book, but not of SHA-256.
  case unsupportedAlgorithm(String)
}

extension DigestError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformed(let text): "invalid digest \"\(text.prefix(160))\": expected sha256: and 64 hexadecimal digits"
    case .unsupportedAlgorithm(let text): "unsupported digest algorithm in \"\(text.prefix(160))\": only sha256 is"
    }
  }
}

extension Digest: CustomStringConvertible {
  public var description: String { "sha256:\(encoded)" }
}

extension Digest: Comparable {
  public static func < (left: Digest, right: Digest) -> Bool { left.encoded < right.encoded }
}

extension Digest: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    let text = try String(json: json)
    do { try self.init(text) } catch { throw JSONError(.invalid("\(error)")) }
  }

  public func write(to writer: inout JSONWriter) { description.write(to: &writer) }
}
