/// Reads TOML 1.0 without dates, floating point numbers, arrays of tables and strings of several lines.
struct TOMLReader {
  private static let lengthLimit = 64 << 10
  private static let depthLimit = 8

  private var rest: ArraySlice<UInt8>
  private var line = 1

  private init(_ bytes: [UInt8]) { rest = bytes[...] }

  static func read(_ bytes: [UInt8]) throws(TOMLError) -> TOMLTable {
    guard bytes.count <= lengthLimit else {
      throw TOMLError(line: 1, reason: "the file is longer than the \(lengthLimit) bytes accepted")
    }
    var reader = TOMLReader(bytes)
    return try reader.document()
  }

  private mutating func document() throws(TOMLError) -> TOMLTable {
    var root = TOMLTable()
    var table: [String] = []
    var headers: Set<[String]> = []
    while true {
      skipBlank(andLines: true)
      guard let byte = rest.first else { return root }
      if byte == UInt8(ascii: "[") {
        table = try header()
        guard headers.insert(table).inserted, root.open(table[...]) else { throw error("the table is there already") }
      } else {
        let path = table + (try key())
        guard path.count <= Self.depthLimit else { throw error("tables are nested too deep") }
        guard accept("=") else { throw error("expected \"=\"") }
        let value = try value(depth: 0)
        guard root.set(path[...], to: value) else { throw error("\(path.joined(separator: ".")) is there already") }
      }
      skipBlank(andLines: false)
      guard rest.isEmpty || rest.first == 0x0A else { throw error("expected the end of the line") }
    }
  }

  private mutating func header() throws(TOMLError) -> [String] {
    rest.removeFirst()
    guard rest.first != UInt8(ascii: "[") else { throw error("arrays of tables are not supported") }
    let path = try key()
    guard accept("]") else { throw error("expected \"]\"") }
    guard path.count <= Self.depthLimit else { throw error("tables are nested too deep") }
    return path
  }

  /// One name or several with points between them.
  private mutating func key() throws(TOMLError) -> [String] {
    var path: [String] = []
    repeat {
      skipBlank(andLines: false)
      path.append(try name())
      guard path.count <= Self.depthLimit else { throw error("tables are nested too deep") }
    } while accept(".")
    return path
  }

  private mutating func name() throws(TOMLError) -> String {
    if let text = try string() { return text }
    let bytes = rest.prefix { Self.isBare($0) }
    guard !bytes.isEmpty else { throw error("expected a name") }
    rest = rest.dropFirst(bytes.count)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  // MARK: - Values

  private mutating func value(depth: Int) throws(TOMLError) -> TOMLValue {
    guard depth < Self.depthLimit else { throw error("values are nested too deep") }
    skipBlank(andLines: false)
    if let text = try string() { return .string(text) }
    if accept("[") { return try array(depth) }
    if accept("{") { return try inlineTable(depth) }
    let word = String(decoding: rest.prefix { Self.isBare($0) || $0 == UInt8(ascii: "+") }, as: UTF8.self)
    rest = rest.dropFirst(word.utf8.count)
    if word == "true" || word == "false" { return .boolean(word == "true") }
    guard let number = Int64(word.replacing("_", with: "")), rest.first != UInt8(ascii: ".") else {
      throw error("expected a string, a whole number, true, false, an array or a table")
    }
    return .integer(number)
  }

  private mutating func array(_ depth: Int) throws(TOMLError) -> TOMLValue {
    var values: [TOMLValue] = []
    while true {
      skipBlank(andLines: true)
      if accept("]") { return .array(values) }
      values.append(try value(depth: depth + 1))
      skipBlank(andLines: true)
      if accept("]") { return .array(values) }
      guard accept(",") else { throw error("expected \",\" or \"]\"") }
    }
  }

  private mutating func inlineTable(_ depth: Int) throws(TOMLError) -> TOMLValue {
    var table = TOMLTable()
    if accept("}") { return .table(table) }
    while true {
      let path = try key()
      guard accept("=") else { throw error("expected \"=\"") }
      guard table.set(path[...], to: try value(depth: depth + 1)) else {
        throw error("\(path.joined(separator: ".")) is there already")
      }
      if accept("}") { return .table(table) }
      guard accept(",") else { throw error("expected \",\" or \"}\"") }
    }
  }

  // MARK: - Strings

  /// - Returns: nil if here is none.
  private mutating func string() throws(TOMLError) -> String? {
    guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
    guard !rest.starts(with: [quote, quote, quote]) else { throw error("strings of several lines are not supported") }
    rest.removeFirst()
    var bytes: [UInt8] = []
    while let byte = rest.popFirst(), byte != 0x0A {
      if byte == quote {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw error("a string is not UTF-8") }
        return text
      }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") { bytes += try escaped() } else { bytes.append(byte) }
    }
    throw error("a string has no end")
  }

  private mutating func escaped() throws(TOMLError) -> [UInt8] {
    switch rest.popFirst().map({ Character(Unicode.Scalar($0)) }) {
    case "\"": [UInt8(ascii: "\"")]
    case "\\": [UInt8(ascii: "\\")]
    case "b": [0x08]
    case "t": [0x09]
    case "n": [0x0A]
    case "f": [0x0C]
    case "r": [0x0D]
    case "u": try scalar(digits: 4)
    case "U": try scalar(digits: 8)
    default: throw error("a string has an escape that there is not")
    }
  }

  private mutating func scalar(digits: Int) throws(TOMLError) -> [UInt8] {
    let text = String(decoding: rest.prefix(digits), as: UTF8.self)
    guard text.utf8.count == digits, let number = UInt32(text, radix: 16), let scalar = Unicode.Scalar(number) else {
      throw error("a string has an escape that there is not")
    }
    rest = rest.dropFirst(digits)
    return Array(String(Character(scalar)).utf8)
  }

  // MARK: - Between

  /// Takes `character`, and the spaces around it.
  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipBlank(andLines: false)
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    skipBlank(andLines: false)
    return true
  }

  /// Skips spaces and comments.
  private mutating func skipBlank(andLines: Bool) {
    while let byte = rest.first {
      switch byte {
      case 0x20, 0x09, 0x0D: rest.removeFirst()
      case UInt8(ascii: "#"): rest = rest.drop { $0 != 0x0A }
      case 0x0A where andLines:
        line += 1
        rest.removeFirst()
      default: return
      }
    }
  }

  private func error(_ reason: String) -> TOMLError { TOMLError(line: line, reason: reason) }
}
