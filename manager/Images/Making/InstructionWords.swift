/// The words of a Dockerfile's instruction, as a shell has them, with quotes and variables.
enum InstructionWords {
  /// Splits at blanks that are neither quoted nor escaped; quotes and escapes stay.
  static func split(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var quote: Character?
    var rest = Array(text)[...]
    while let character = rest.popFirst() {
      switch (character, quote) {
      case (" ", nil), ("\t", nil):
        if !word.isEmpty { words.append(word) }
        word = ""
      case ("\\", nil), ("\\", "\""):
        word.append(character)
        if let next = rest.popFirst() { word.append(next) }
      case ("'", nil), ("\"", nil):
        quote = character
        word.append(character)
      default:
        if character == quote { quote = nil }
        word.append(character)
      }
    }
    return word.isEmpty ? words : words + [word]
  }

  /// What a word means: without its quotes and escapes, with the values of the variables that it names.
  /// - Throws: ``ImageError/invalidChange(_:)``.
  static func expand(_ word: String, _ variables: [String: String]) throws(ImageError) -> String {
    var result = ""
    var quote: Character?
    var rest = Array(word)[...]
    while let character = rest.popFirst() {
      switch (character, quote) {
      case ("'", nil), ("\"", nil): quote = character
      case ("'", "'"), ("\"", "\""): quote = nil
      case ("\\", nil):
        if let next = rest.popFirst() { result.append(next) }
      case ("\\", "\""):
        guard let next = rest.first, "\"$\\".contains(next) else {
          result.append(character)
          continue
        }
        result.append(rest.removeFirst())
      case ("$", nil), ("$", "\""): result += try variable(&rest, variables, of: word)
      default: result.append(character)
      }
    }
    guard quote == nil else {
      throw .invalidChange(
        "unexpected end of statement while looking for matching \(quote == "'" ? "single" : "double")-quote")
    }
    return result
  }

  /// `NAME`, `{NAME}`, `{NAME:-default}` or `{NAME:+other}`, after a dollar sign.
  private static func variable(
    _ rest: inout ArraySlice<Character>, _ variables: [String: String], of word: String
  ) throws(ImageError) -> String {
    guard rest.first == "{" else {
      let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      rest = rest.dropFirst(name.count)
      return name.isEmpty ? "$" : variables[String(name)] ?? ""
    }
    guard let end = rest.firstIndex(of: "}") else {
      throw .invalidChange("failed to process \"\(word)\": syntax error: missing '}'")
    }
    let content = String(rest[rest.index(after: rest.startIndex)..<end])
    rest = rest[rest.index(after: end)...]
    guard let colon = content.firstIndex(of: ":") else {
      guard !content.isEmpty else { throw .invalidChange("failed to process \"\(word)\": bad substitution") }
      return variables[content] ?? ""
    }
    let value = variables[String(content[..<colon])] ?? ""
    let other = content[colon...].dropFirst(2)
    switch content[colon...].dropFirst().first {
    case "-": return value.isEmpty ? try expand(String(other), variables) : value
    case "+": return value.isEmpty ? "" : try expand(String(other), variables)
    default: throw .invalidChange("failed to process \"\(word)\": unsupported modifier in substitution")
    }
  }
}
