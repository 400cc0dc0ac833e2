internal import JSON

/// A function was called with what it cannot take.
struct TemplateCallError: Error {
  let message: String
  /// The word of the command that is wrong, 0 the function's own name; `nil`: the call itself failed.
  var culprit: Int?
  /// The type that was expected there.
  var wanted = ""
}

/// The functions of templates: Go's own and Docker's.
enum TemplateFunctions {
  static let names: Set<String> = [
    "and", "or", "not", "len", "index", "print", "println", "printf", "eq", "ne", "lt", "le", "gt", "ge", "json",
    "join",
    "split", "title", "lower", "upper", "pad", "truncate",
  ]
  /// Those that leave a heading as it is.
  private static let forValues: Set<String> = ["json", "join", "split", "title", "lower", "upper", "truncate"]

  static func call(
    _ name: String, _ arguments: [TemplateValue], isHeading: Bool
  ) throws(TemplateCallError) -> TemplateValue {
    try checkCount(name, arguments.count)
    if isHeading, forValues.contains(name) { return arguments[0] }
    switch name {
    case "and", "or": return arguments[arguments.count - 1]
    case "not": return .bool(!arguments[0].isTrue)
    case "len": return try length(arguments[0])
    case "index": return try index(arguments)
    case "print": return .text(TemplatePrinter.print(arguments))
    case "println": return .text(arguments.map(\.printed).joined(separator: " ") + "\n")
    case "printf": return .text(try TemplatePrinter.format(try text(name, arguments, 0), Array(arguments.dropFirst())))
    case "json": return .text(json(arguments[0]))
    case "eq", "ne", "lt", "le", "gt", "ge": return .bool(try TemplateComparison.compare(name, arguments))
    default: return try string(name, arguments)
    }
  }

  private static func checkCount(_ name: String, _ count: Int) throws(TemplateCallError) {
    let (least, most): (Int, Int?) =
      switch name {
      case "print", "println": (0, nil)
      case "and", "or", "index", "printf", "eq": (1, nil)
      case "join", "split", "ne", "lt", "le", "gt", "ge", "truncate": (2, 2)
      case "pad": (3, 3)
      default: (1, 1)
      }
    if count < least, most == nil {
      throw TemplateCallError(
        message: "wrong number of args for \(name): want at least \(least) got \(count)", culprit: 0)
    }
    if let most, count != most {
      throw TemplateCallError(message: "wrong number of args for \(name): want \(most) got \(count)", culprit: 0)
    }
  }

  private static func length(_ value: TemplateValue) throws(TemplateCallError) -> TemplateValue {
    switch value {
    case .json(.string(let text)): return .integer(text.utf8.count)
    case .json(.array(let values)): return .integer(values.count)
    case .json(.object(let object)): return .integer(object.members.count)
    // A list or map that is not there has no elements.
    case .json(.null): return .integer(0)
    case .missing: throw TemplateCallError(message: "len of nil pointer")
    default: throw TemplateCallError(message: "len of type \(value.kind)")
    }
  }

  private static func index(_ arguments: [TemplateValue]) throws(TemplateCallError) -> TemplateValue {
    var value = arguments[0]
    for key in arguments.dropFirst() {
      switch (value, key) {
      case (.json(.object(let object)), .json(.string(let name))): value = member(name, of: object)
      case (.json(.object), _):
        throw TemplateCallError(message: "value has type \(key.kind); should be string")
      case (.json(.array(let values)), .json(.number(let number))):
        guard let index = Int(number.text), values.indices.contains(index) else {
          throw TemplateCallError(message: "index out of range: \(number.text)")
        }
        value = .json(values[index])
      case (.json(.array), _): throw TemplateCallError(message: "cannot index slice/array with type \(key.kind)")
      case (.json(.null), .json(.string)): value = .missing
      case (.missing, _), (.json(.null), _): throw TemplateCallError(message: "index of untyped nil")
      default: throw TemplateCallError(message: "can't index item of type \(value.kind)")
      }
    }
    return value
  }

  /// What a map of texts does not have is the empty text.
  private static func member(_ name: String, of object: JSONObject) -> TemplateValue {
    if let member = object[name] { return .json(member) }
    return object.members.allSatisfy { $0.value.string != nil } ? .text("") : .missing
  }

  private static func json(_ value: TemplateValue) -> String {
    guard case .json(let value) = value else { return "null" }
    return JSONWriter.string(value)
  }
}

// MARK: - Texts

extension TemplateFunctions {
  private static func string(_ name: String, _ arguments: [TemplateValue]) throws(TemplateCallError) -> TemplateValue {
    switch name {
    case "join":
      let separator = try text(name, arguments, 1)
      guard case .json(.array(let values)) = arguments[0] else { throw wrongType(arguments[0], "[]string", 0) }
      return .text(values.map { TemplateValue.json($0).printed }.joined(separator: separator))
    case "split":
      return .json(.array(split(try text(name, arguments, 0), try text(name, arguments, 1)).map { .string($0) }))
    case "title": return .text(title(try text(name, arguments, 0)))
    case "lower": return .text(try text(name, arguments, 0).lowercased())
    case "upper": return .text(try text(name, arguments, 0).uppercased())
    case "truncate": return .text(String(try text(name, arguments, 0).prefix(try count(arguments, 1))))
    default:
      let content = try text(name, arguments, 0)
      guard !content.isEmpty else { return .text("") }
      let (before, after) = (try count(arguments, 1), try count(arguments, 2))
      return .text(String(repeating: " ", count: before) + content + String(repeating: " ", count: after))
    }
  }

  private static func text(
    _ name: String, _ arguments: [TemplateValue], _ index: Int
  ) throws(TemplateCallError) -> String {
    guard case .json(.string(let text)) = arguments[index] else { throw wrongType(arguments[index], "string", index) }
    return text
  }

  private static func count(_ arguments: [TemplateValue], _ index: Int) throws(TemplateCallError) -> Int {
    guard case .json(.number(let number)) = arguments[index], let count = Int(number.text), (0...4096).contains(count)
    else {
      throw wrongType(arguments[index], "int from 0 to 4096", index)
    }
    return count
  }

  private static func wrongType(_ value: TemplateValue, _ wanted: String, _ index: Int) -> TemplateCallError {
    let message =
      value.kind == "nil"
      ? "invalid value; expected \(wanted)" : "wrong type for value; expected \(wanted); got \(value.kind)"
    return TemplateCallError(message: message, culprit: index + 1, wanted: wanted)
  }

  private static func split(_ text: String, _ separator: String) -> [String] {
    guard !separator.isEmpty else { return text.map(String.init) }
    var parts: [String] = []
    let (bytes, wanted) = (Array(text.utf8), Array(separator.utf8))
    var (start, position) = (0, 0)
    while position + wanted.count <= bytes.count {
      if bytes[position..<position + wanted.count].elementsEqual(wanted) {
        parts.append(String(decoding: bytes[start..<position], as: UTF8.self))
        position += wanted.count
        start = position
      } else {
        position += 1
      }
    }
    return parts + [String(decoding: bytes[start...], as: UTF8.self)]
  }

  /// The first letter of each word, and nothing else, is made large.
  private static func title(_ text: String) -> String {
    var result = ""
    var isWithin = false
    for character in text {
      result += isWithin ? String(character) : character.uppercased()
      isWithin = character.isLetter || character.isNumber || character == "_" || character == "'"
    }
    return result
  }
}
