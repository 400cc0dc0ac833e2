internal import JSON

/// One value on one line of YAML.
enum YAMLScalar {
  /// - Parameter isKey: a text whatever it looks like.
  static func read(_ text: Substring, line: Int, isKey: Bool = false) throws -> JSONValue {
    switch text.first {
    case "\"", "{": return try JSONReader.read(String(text))
    case "[": return try list(text, line)
    case "'":
      guard text.count > 1, text.last == "'" else { throw malformed(line, "a quote without end") }
      return .string(String(text.dropFirst().dropLast().replacing("''", with: "'")))
    case "&", "*", "!", "|", ">", "%", "@", "`", "?":
      throw malformed(line, "anchors, tags and block scalars are not understood")
    default: return isKey ? .string(String(text)) : plain(String(text))
    }
  }

  private static func malformed(_ line: Int, _ reason: String) -> YAMLReader.Malformed {
    YAMLReader.Malformed(line: line, reason: reason)
  }

  private static func plain(_ text: String) -> JSONValue {
    switch text {
    case "~", "null", "Null", "NULL": .null
    case "true", "True", "TRUE": .bool(true)
    case "false", "False", "FALSE": .bool(false)
    default: integer(text).map { .number(JSONNumber($0)) } ?? .string(text)
    }
  }

  /// With YAML 1.1's octal numbers, which file modes are written as.
  private static func integer(_ text: String) -> Int64? {
    if text.hasPrefix("0x") { return Int64(text.dropFirst(2), radix: 16) }
    if text.hasPrefix("0o") { return Int64(text.dropFirst(2), radix: 8) }
    if text.count > 1, text.first == "0" { return Int64(text.dropFirst(), radix: 8) }
    return text.first == "+" ? nil : Int64(text)
  }

  /// JSON, or words between commas.
  private static func list(_ text: Substring, _ line: Int) throws -> JSONValue {
    guard text.last == "]" else { throw malformed(line, "a list that does not end on its line") }
    // What is no JSON may still be a list of words.
    if let value = try? JSONReader.read(String(text)) { return value }
    let items = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
    return .array(
      try items.map { item in
        var word = item.drop { $0 == " " }
        while word.last == " " { word.removeLast() }
        guard !word.isEmpty, !word.contains(where: "[]{}\"'".contains) else {
          throw malformed(line, "a list of more than words")
        }
        return try read(word, line: line)
      })
  }
}
