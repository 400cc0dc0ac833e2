/// A word of a template.
struct TemplateToken: Equatable {
  enum Kind: Equatable {
    /// Outside of actions.
    case text(String)
    case open, close, space
    case identifier(String)
    /// `.Name`.
    case field(String)
    case dot
    /// `$` or `$name`.
    case variable(String)
    case string(String)
    case number(String)
    /// `( ) | , = :=`
    case symbol(String)
    case end
  }

  let kind: Kind
  let line: Int
  /// Bytes before it on its line.
  let column: Int
  /// As it stands in the template.
  let source: String
}

/// Splits a template into words.
struct TemplateLexer {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var lineStart = 0
  private var tokens: [TemplateToken] = []

  /// - Throws: ``TemplateError`` as Go words it.
  static func tokens(of template: String) throws(TemplateError) -> [TemplateToken] {
    var lexer = TemplateLexer(bytes: Array(template.utf8))
    guard lexer.bytes.count <= TemplateLimits.size else {
      throw TemplateError("the template is longer than \(TemplateLimits.size) bytes")
    }
    try lexer.run()
    return lexer.tokens
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func run() throws(TemplateError) {
    var trims = false
    while position < bytes.count {
      let open = find("{{", from: position) ?? bytes.count
      let trimsBefore = open + 3 < bytes.count && bytes[open + 2] == 0x2D && Self.isSpace(bytes[open + 3])
      text(to: open, trimsStart: trims, trimsEnd: trimsBefore)
      guard open < bytes.count else { break }
      let start = position
      advance(to: open + (trimsBefore ? 4 : 2))
      trims = try starts("/*") ? comment() : action(openedAt: start)
    }
    emit(.end, from: position)
  }

  private mutating func text(to end: Int, trimsStart: Bool, trimsEnd: Bool) {
    var slice = bytes[position..<end]
    if trimsStart { slice = slice.drop(while: Self.isSpace) }
    if trimsEnd { while let last = slice.last, Self.isSpace(last) { slice.removeLast() } }
    if !slice.isEmpty { emit(.text(String(decoding: slice, as: UTF8.self)), from: position) }
    advance(to: end)
  }

  /// - Returns: whether the space after it goes.
  private mutating func comment() throws(TemplateError) -> Bool {
    guard let end = find("*/", from: position) else { throw error("unclosed comment") }
    advance(to: end + 2)
    let trims = closesTrimming
    if trims { advance(to: position + 2) }
    guard starts("}}") else { throw error("comment ends before closing delimiter") }
    advance(to: position + 2)
    return trims
  }

  private var closesTrimming: Bool {
    position + 3 < bytes.count && Self.isSpace(bytes[position]) && bytes[position + 1] == 0x2D
      && bytes[position + 2] == 0x7D && bytes[position + 3] == 0x7D
  }

  /// - Returns: whether the space after it goes.
  private mutating func action(openedAt start: Int) throws(TemplateError) -> Bool {
    emit(.open, from: start)
    var depth = 0
    while true {
      let trims = closesTrimming
      if trims || starts("}}") {
        guard depth == 0 else { throw error("unclosed left paren") }
        let from = position
        advance(to: position + (trims ? 4 : 2))
        emit(.close, from: from)
        return trims
      }
      guard position < bytes.count else { throw error("unclosed action") }
      try word(&depth)
    }
  }

  private mutating func word(_ depth: inout Int) throws(TemplateError) {
    let start = position
    let byte = bytes[position]
    switch byte {
    case _ where Self.isSpace(byte):
      repeat {
        advance(to: position + 1)
      } while position < bytes.count && Self.isSpace(bytes[position])
        && !closesTrimming
      emit(.space, from: start)
    case UInt8(ascii: "("), UInt8(ascii: ")"):
      depth += byte == UInt8(ascii: "(") ? 1 : -1
      guard depth >= 0 else { throw error("unexpected right paren") }
      symbol(1)
    case UInt8(ascii: "|"), UInt8(ascii: ","), UInt8(ascii: "="): symbol(1)
    case UInt8(ascii: ":"):
      guard starts(":=") else { throw error("expected :=") }
      symbol(2)
    case UInt8(ascii: "\""), UInt8(ascii: "`"): try quoted(byte)
    case UInt8(ascii: "."): try field()
    case UInt8(ascii: "$"):
      advance(to: position + 1)
      let name = name()
      try checkTerminator()
      emit(.variable("$" + name), from: start)
    case UInt8(ascii: "+"), UInt8(ascii: "-"), 48...57: try number()
    case _ where Self.isNameByte(byte):
      let name = name()
      try checkTerminator()
      emit(.identifier(name), from: start)
    default: throw error("unexpected \(Self.description(of: bytes[position...])) in command")
    }
  }

  private mutating func symbol(_ length: Int) {
    let start = position
    advance(to: position + length)
    emit(.symbol(String(decoding: bytes[start..<position], as: UTF8.self)), from: start)
  }

  private mutating func field() throws(TemplateError) {
    let start = position
    advance(to: position + 1)
    let name = name()
    if !name.isEmpty { try checkTerminator() }
    emit(name.isEmpty ? .dot : .field(name), from: start)
  }

  /// A name ends before a space, a delimiter or a symbol.
  private func checkTerminator() throws(TemplateError) {
    guard position < bytes.count, !Self.isSpace(bytes[position]), !starts("}}"),
      !".,|:()=".utf8.contains(bytes[position])
    else { return }
    let scalar = String(decoding: bytes[position...].prefix(4), as: UTF8.self).unicodeScalars.first ?? " "
    let digits = String(scalar.value, radix: 16, uppercase: true)
    throw error("bad character U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits) '\(scalar)'")
  }

  private mutating func number() throws(TemplateError) {
    let start = position
    advance(to: position + 1)
    while position < bytes.count, Self.isNameByte(bytes[position]) || bytes[position] == UInt8(ascii: ".") {
      advance(to: position + 1)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard Int64(text) != nil || Double(text)?.isFinite == true else {
      throw error("bad number syntax: \(GoText.quote(text))")
    }
    emit(.number(text.hasPrefix("+") ? String(text.dropFirst()) : text), from: start)
  }

  private mutating func name() -> String {
    let start = position
    while position < bytes.count, Self.isNameByte(bytes[position]) { advance(to: position + 1) }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }
}

// MARK: - Strings and places

extension TemplateLexer {
  private mutating func quoted(_ quote: UInt8) throws(TemplateError) {
    let start = position
    let isRaw = quote == UInt8(ascii: "`")
    advance(to: position + 1)
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != quote {
      guard isRaw || bytes[position] != 0x0A else { break }
      if bytes[position] == UInt8(ascii: "\\"), !isRaw {
        advance(to: position + 1)
        guard position < bytes.count, let byte = Self.escapes[bytes[position]] else {
          throw error("invalid syntax")
        }
        text.append(byte)
      } else {
        text.append(bytes[position])
      }
      advance(to: position + 1)
    }
    guard position < bytes.count, bytes[position] == quote else {
      throw error("unterminated \(isRaw ? "raw quoted" : "quoted") string")
    }
    advance(to: position + 1)
    emit(.string(String(decoding: text, as: UTF8.self)), from: start)
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "t"): 0x09, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "\\"): 0x5C,
    UInt8(ascii: "\""): 0x22,
  ]

  private mutating func advance(to end: Int) {
    while position < end {
      if bytes[position] == 0x0A {
        line += 1
        lineStart = position + 1
      }
      position += 1
    }
  }

  /// - Parameter start: on the current line, or before a text that began on another.
  private mutating func emit(_ kind: TemplateToken.Kind, from start: Int) {
    tokens.append(
      TemplateToken(
        kind: kind, line: line, column: max(0, start - lineStart),
        source: String(decoding: bytes[start..<position], as: UTF8.self)))
  }

  private func error(_ message: String) -> TemplateError { TemplateError(line: line, message) }

  private func starts(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

  private func find(_ text: String, from start: Int) -> Int? {
    let wanted = Array(text.utf8)
    guard start + 1 < bytes.count else { return nil }
    return (start..<bytes.count - 1).first { bytes[$0] == wanted[0] && bytes[$0 + 1] == wanted[1] }
  }

  static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 48...57, UInt8(ascii: "_"): true
    default: byte >= 0x80
    }
  }

  private static func description(of bytes: ArraySlice<UInt8>) -> String {
    "\"\(String(decoding: bytes.prefix(1), as: UTF8.self))\""
  }
}
