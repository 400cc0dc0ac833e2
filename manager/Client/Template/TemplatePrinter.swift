internal import JSON

/// `print` and `printf`.
enum TemplatePrinter {
  /// A space stands between two values of which neither is a text.
  static func print(_ values: [TemplateValue]) -> String {
    var result = ""
    for (index, value) in values.enumerated() {
      if index > 0, !isText(value), !isText(values[index - 1]) { result += " " }
      result += value.printed
    }
    return result
  }

  /// - Throws: for a verb or flag that is not there.
  static func format(_ format: String, _ values: [TemplateValue]) throws(TemplateCallError) -> String {
    var result = ""
    var rest = values[...]
    var letters = Substring(format)
    while let letter = letters.popFirst() {
      guard letter == "%" else {
        result.append(letter)
        continue
      }
      if letters.first == "%" {
        letters.removeFirst()
        result += "%"
        continue
      }
      let directive = try Directive(&letters)
      guard let verb = directive.verb else {
        result += "%!(NOVERB)"
        continue
      }
      guard let value = rest.popFirst() else {
        result += "%!\(verb)(MISSING)"
        continue
      }
      result += directive.padded(try text(value, verb, directive))
    }
    if !rest.isEmpty {
      result += "%!(EXTRA " + rest.map { "\($0.kind)=\($0.printed)" }.joined(separator: ", ") + ")"
    }
    return result
  }

  private static func text(
    _ value: TemplateValue, _ verb: Character, _ directive: Directive
  ) throws(TemplateCallError) -> String {
    let printed = value.kind == "nil" ? "<nil>" : value.printed
    switch (verb, value) {
    case ("v", _): return printed
    case ("s", .json(.string(let text))): return directive.precision.map { String(text.prefix($0)) } ?? text
    case ("s", .json(.array)), ("s", .json(.object)): return printed
    case ("q", .json(.string(let text))): return GoText.quote(text)
    case ("q", .json(.array(let values))):
      return "["
        + (try values.map { value throws(TemplateCallError) in try text(.json(value), "q", directive) })
        .joined(separator: " ") + "]"
    case ("d", .json(.number(let number))) where Int64(number.text) != nil: return number.text
    case ("t", .json(.bool)): return printed
    case ("s", _), ("q", _), ("d", _), ("t", _):
      return value.kind == "nil" ? "%!\(verb)(<nil>)" : "%!\(verb)(\(value.kind)=\(printed))"
    default: throw TemplateCallError(message: "printf knows %s, %d, %q, %v and %t, not %\(verb)")
    }
  }

  private static func isText(_ value: TemplateValue) -> Bool {
    if case .json(.string) = value { true } else { false }
  }
}

extension TemplatePrinter {
  /// `%-10s`: flags, width, precision, verb.
  struct Directive {
    private var isLeft = false
    private var hasZeros = false
    private var width = 0
    private(set) var precision: Int?
    let verb: Character?

    /// - Throws: for a width or precision that is out of all proportion.
    init(_ letters: inout Substring) throws(TemplateCallError) {
      while let flag = letters.first, flag == "-" || flag == "0" {
        if flag == "-" { isLeft = true } else { hasZeros = true }
        letters.removeFirst()
      }
      width = try Self.number(&letters) ?? 0
      if letters.first == "." {
        letters.removeFirst()
        precision = try Self.number(&letters) ?? 0
      }
      verb = letters.popFirst()
    }

    private static func number(_ letters: inout Substring) throws(TemplateCallError) -> Int? {
      let digits = letters.prefix { $0.isASCII && $0.isNumber }
      letters = letters.dropFirst(digits.count)
      guard !digits.isEmpty else { return nil }
      guard let number = Int(digits), number <= 4096 else {
        throw TemplateCallError(message: "a width in printf is more than 4096")
      }
      return number
    }

    func padded(_ text: String) -> String {
      let missing = width - text.unicodeScalars.count
      guard missing > 0 else { return text }
      if isLeft { return text + String(repeating: " ", count: missing) }
      guard hasZeros else { return String(repeating: " ", count: missing) + text }
      let sign = text.hasPrefix("-") ? "-" : ""
      return sign + String(repeating: "0", count: missing) + text.dropFirst(sign.count)
    }
  }
}
