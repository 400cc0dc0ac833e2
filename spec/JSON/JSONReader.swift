/// Reads JSON (RFC 8259) strictly, in one pass, in memory bounded by the input and its nesting.
public struct JSONReader {
  /// What input is accepted at most.
  public struct Limits: Sendable {
    /// Bytes of input.
    public var size: Int
    /// Arrays and objects inside one another.
    public var depth: Int

    public init(size: Int = 16 << 20, depth: Int = 128) {
      self.size = size
      self.depth = depth
    }
  }

  private let input: UnsafeBufferPointer<UInt8>
  private let limits: Limits
  private var position = 0
  private var depth = 0

  private init(_ input: UnsafeBufferPointer<UInt8>, limits: Limits) {
    self.input = input
    self.limits = limits
  }

  /// The value that `bytes` hold, with nothing but white space around it.
  /// - Throws: ``JSONError`` with line and column where the text is not JSON, or the limit that it exceeds.
  public static func read(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONError) -> JSONValue {
    let result: Result<JSONValue, JSONError> = bytes.withUnsafeBufferPointer { buffer in
      var reader = JSONReader(buffer, limits: limits)
      do throws(JSONError) { return .success(try reader.document()) } catch { return .failure(error) }
    }
    return try result.get()
  }

  public static func read(_ text: String, limits: Limits = Limits()) throws(JSONError) -> JSONValue {
    try read(Array(text.utf8), limits: limits)
  }
}

// MARK: - Grammar

extension JSONReader {
  private mutating func document() throws(JSONError) -> JSONValue {
    guard input.count <= limits.size else {
      throw JSONError(.limit("\(input.count) bytes of JSON are more than the \(limits.size) accepted"))
    }
    let value = try value()
    skipWhiteSpace()
    guard position == input.count else { throw syntax("unexpected text after the value") }
    return value
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    skipWhiteSpace()
    guard position < input.count else { throw syntax("unexpected end of text") }
    switch input[position] {
    case UInt8(ascii: "{"): return try nested { reader throws(JSONError) in .object(try reader.object()) }
    case UInt8(ascii: "["): return try nested { reader throws(JSONError) in .array(try reader.array()) }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default: throw syntax("unexpected character")
    }
  }

  private mutating func nested(
    _ body: (inout JSONReader) throws(JSONError) -> JSONValue
  ) throws(JSONError) -> JSONValue {
    guard depth < limits.depth else { throw JSONError(.limit("JSON is nested deeper than \(limits.depth) levels")) }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return try body(&self)
  }

  private mutating func object() throws(JSONError) -> JSONObject {
    var members: [JSONObject.Member] = []
    if accept("}") { return JSONObject(members) }
    repeat {
      skipWhiteSpace()
      guard position < input.count, input[position] == UInt8(ascii: "\"") else {
        throw syntax("expected the name of a member")
      }
      let name = try string()
      guard accept(":") else { throw syntax("expected ':' after a member's name") }
      members.append((name, try value()))
    } while accept(",")
    guard accept("}") else { throw syntax("expected ',' or '}'") }
    return JSONObject(members)
  }

  private mutating func array() throws(JSONError) -> [JSONValue] {
    var elements: [JSONValue] = []
    if accept("]") { return elements }
    repeat { elements.append(try value()) } while accept(",")
    guard accept("]") else { throw syntax("expected ',' or ']'") }
    return elements
  }

  private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    let end = position + text.utf8CodeUnitCount
    guard end <= input.count else { throw syntax("unexpected end of text") }
    for offset in 0..<text.utf8CodeUnitCount where input[position + offset] != text.utf8Start[offset] {
      throw syntax("expected \(text)")
    }
    position = end
    return value
  }

  private mutating func number() throws(JSONError) -> JSONNumber {
    let start = position
    if input[position] == UInt8(ascii: "-") { position += 1 }
    if position < input.count, input[position] == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if position < input.count, input[position] == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if position < input.count, input[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < input.count, input[position] == UInt8(ascii: "+") || input[position] == UInt8(ascii: "-") {
        position += 1
      }
      try digits()
    }
    return JSONNumber(validated: String(decoding: input[start..<position], as: UTF8.self))
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while position < input.count, input[position] &- UInt8(ascii: "0") <= 9 { position += 1 }
    guard position > start else { throw syntax("expected a digit") }
  }
}

// MARK: - Strings

extension JSONReader {
  private mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    while position < input.count {
      switch input[position] {
      case UInt8(ascii: "\""):
        let text = try decoded(input[start..<position])
        position += 1
        return text
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw syntax("control character in a string")
      default: position += 1
      }
    }
    throw syntax("unterminated string")
  }

  /// The rare path: a string with at least one escape, copied piece by piece.
  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var bytes = Array(input[start..<position])
    while position < input.count {
      let byte = input[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return try decoded(bytes)
      case UInt8(ascii: "\\"): try escape(into: &bytes)
      case 0..<0x20: throw syntax("control character in a string")
      default: bytes.append(byte)
      }
    }
    throw syntax("unterminated string")
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(JSONError) {
    guard position < input.count else { throw syntax("unterminated string") }
    let byte = input[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"): bytes.append(contentsOf: Array(Character(try unicodeEscape()).utf8))
    default: throw syntax("unknown escape in a string")
    }
  }

  /// The scalar of `\uXXXX`, or of a surrogate pair of them. A lone surrogate reads as U+FFFD, as in Go.
  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let replacement: Unicode.Scalar = "\u{FFFD}"
    let high = try fourHexDigits()
    guard UTF16.isLeadSurrogate(high) else { return Unicode.Scalar(high) ?? replacement }
    guard position + 1 < input.count, input[position] == UInt8(ascii: "\\"), input[position + 1] == UInt8(ascii: "u")
    else { return replacement }
    let restart = position
    position += 2
    let low = try fourHexDigits()
    guard UTF16.isTrailSurrogate(low) else {
      position = restart
      return replacement
    }
    return Unicode.Scalar(0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)) ?? replacement
  }

  private mutating func fourHexDigits() throws(JSONError) -> UInt16 {
    guard position + 4 <= input.count else { throw syntax("unterminated string") }
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(input[position])).hexDigitValue else {
        throw syntax("expected four hexadecimal digits")
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }

  private func decoded(_ bytes: some Collection<UInt8>) throws(JSONError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw syntax("string is not UTF-8") }
    return text
  }
}

// MARK: - Position

extension JSONReader {
  private mutating func skipWhiteSpace() {
    while position < input.count {
      switch input[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipWhiteSpace()
    guard position < input.count, input[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private func syntax(_ message: String) -> JSONError {
    let before = input[..<min(position, input.count)]
    let line = 1 + before.count { $0 == 0x0A }
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return JSONError(.syntax(message, line: line, column: before.count - lineStart + 1))
  }
}
