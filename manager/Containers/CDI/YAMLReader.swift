package import JSON

/// Reads the part of YAML that programs write: one document of block mappings and sequences with plain and quoted scalars, and
/// JSON in place of any value. Anchors, tags, block scalars and keys that are no text are refused.
package struct YAMLReader {
  struct Malformed: Error, Equatable, CustomStringConvertible {
    var line: Int
    var reason: String
    var description: String { "line \(line): \(reason)" }
  }

  private struct Line {
    var number: Int
    var indent: Int
    var text: Substring
  }

  private var lines: ArraySlice<Line>
  private var depth = 0

  private static let depthLimit = 32

  package static func read(_ bytes: [UInt8]) throws -> JSONValue {
    let text = String(decoding: bytes, as: UTF8.self)
    let first = text.first { !$0.isWhitespace }
    // JSON is YAML, however it is spread over lines.
    if first == "{" || first == "[" { return try JSONReader.read(bytes) }
    var reader = YAMLReader(lines: try lines(of: text)[...])
    let value = try reader.block(deeperThan: -1)
    if let rest = reader.lines.first { throw Malformed(line: rest.number, reason: "unexpected indentation") }
    return value
  }

  private static func lines(of text: String) throws(Malformed) -> [Line] {
    var lines: [Line] = []
    for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: isLineEnd).enumerated() {
      let indent = raw.prefix { $0 == " " }.count
      let content = withoutComment(raw.dropFirst(indent))
      if content.isEmpty { continue }
      if content.first == "\t" { throw Malformed(line: index + 1, reason: "a tab in the indentation") }
      if indent == 0, content == "---", lines.isEmpty { continue }
      if indent == 0, content == "---" || content == "..." || content.hasPrefix("%") {
        throw Malformed(line: index + 1, reason: "more than one document, or a directive")
      }
      lines.append(Line(number: index + 1, indent: indent, text: content))
    }
    return lines
  }

  private static func isLineEnd(_ character: Character) -> Bool { character == "\n" || character == "\r\n" }

  /// Without what follows a `#` that stands outside of quotes at a word's beginning, and without white space at the end.
  private static func withoutComment(_ text: Substring) -> Substring {
    var before: Character = " "
    var index = text.startIndex
    while index < text.endIndex, text[index] != "#" || !" \t".contains(before) {
      if "\"'".contains(text[index]), " [{,:-".contains(before), let end = endOfQuotation(text[index...]) {
        index = end
      }
      before = text[index]
      index = text.index(after: index)
    }
    var result = text[..<index]
    while result.last?.isWhitespace == true { result.removeLast() }
    return result
  }

  /// Where the quotation mark is that belongs to the one that `text` begins with.
  private static func endOfQuotation(_ text: Substring) -> String.Index? {
    let isSingle = text.first == "'"
    var index = text.startIndex
    while case let next = text.index(after: index), next < text.endIndex {
      let follows = text[next...].dropFirst().first
      switch text[next] {
      case "'" where isSingle && follows == "'", "\\" where !isSingle && follows != nil: index = text.index(after: next)
      case "'" where isSingle, "\"" where !isSingle: return next
      default: index = next
      }
    }
    return nil
  }

  // MARK: - Blocks

  /// A mapping, a sequence or a scalar whose lines are further in than `indent`; `null` if there is none.
  private mutating func block(deeperThan indent: Int) throws -> JSONValue {
    guard let first = lines.first, first.indent > indent else { return .null }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw Malformed(line: first.number, reason: "too deep") }
    if Self.isItem(first.text) { return try sequence(at: first.indent) }
    if try Self.entry(first) != nil { return try mapping(at: first.indent) }
    lines.removeFirst()
    return try YAMLScalar.read(first.text, line: first.number)
  }

  private static func isItem(_ text: Substring) -> Bool { text == "-" || text.hasPrefix("- ") }

  private mutating func sequence(at indent: Int) throws -> JSONValue {
    var elements: [JSONValue] = []
    while let line = lines.first, line.indent == indent, Self.isItem(line.text) {
      let rest = line.text.dropFirst().drop { $0 == " " }
      if rest.isEmpty {
        lines.removeFirst()
      } else {
        // What follows the dash is a block of its own, as far in as it stands.
        let offset = line.text.distance(from: line.text.startIndex, to: rest.startIndex)
        lines[lines.startIndex] = Line(number: line.number, indent: indent + offset, text: rest)
      }
      elements.append(try block(deeperThan: indent))
    }
    return .array(elements)
  }

  private mutating func mapping(at indent: Int) throws -> JSONValue {
    var object = JSONObject()
    while let line = lines.first, line.indent == indent, !Self.isItem(line.text) {
      guard let (key, rest) = try Self.entry(line) else {
        throw Malformed(line: line.number, reason: "a key was expected")
      }
      guard object[key] == nil else { throw Malformed(line: line.number, reason: "\"\(key)\" is there twice") }
      lines.removeFirst()
      guard rest.isEmpty else {
        object[key] = try YAMLScalar.read(rest, line: line.number)
        continue
      }
      // A sequence may stand as far out as its key.
      let isSequence = lines.first.map { $0.indent == indent && Self.isItem($0.text) } ?? false
      object[key] = try block(deeperThan: isSequence ? indent - 1 : indent)
    }
    return .object(object)
  }

  /// `key:` or `key: value`; `nil` if the line is neither.
  private static func entry(_ line: Line) throws -> (key: String, rest: Substring)? {
    guard let first = line.text.first, !"[{".contains(first) else { return nil }
    var end = line.text.startIndex
    if first == "\"" || first == "'" {
      guard let close = endOfQuotation(line.text) else { return nil }
      end = line.text.index(after: close)
    }
    while let colon = line.text[end...].firstIndex(of: ":") {
      let rest = line.text[line.text.index(after: colon)...]
      if rest.isEmpty || rest.first == " " {
        guard let key = try YAMLScalar.read(line.text[..<colon], line: line.number, isKey: true).string else {
          throw Malformed(line: line.number, reason: "a key that is no text")
        }
        return (key, rest.drop { $0 == " " })
      }
      end = rest.startIndex
    }
    return nil
  }
}
