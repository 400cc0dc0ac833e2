internal import JSON

/// What a template works on: JSON, and what is not there.
enum TemplateValue: Equatable {
  /// Printed as `<no value>`.
  case missing
  case json(JSONValue)

  static func text(_ text: String) -> TemplateValue { .json(.string(text)) }
  static func bool(_ value: Bool) -> TemplateValue { .json(.bool(value)) }
  static func integer(_ value: Int) -> TemplateValue { .json(.number(JSONNumber(value))) }

  /// Go's truth: not zero, not empty, there.
  var isTrue: Bool {
    switch self {
    case .missing, .json(.null): false
    case .json(.bool(let value)): value
    case .json(.number(let number)): Double(number.text) != 0
    case .json(.string(let text)): !text.isEmpty
    case .json(.array(let values)): !values.isEmpty
    case .json(.object(let object)): !object.isEmpty
    }
  }

  /// As Go's `%v` prints it.
  var printed: String {
    switch self {
    case .missing, .json(.null): "<no value>"
    case .json(let value): Self.printed(value)
    }
  }

  private static func printed(_ value: JSONValue) -> String {
    switch value {
    case .null: "<nil>"
    case .bool(let value): "\(value)"
    case .number(let number): number.text
    case .string(let text): text
    case .array(let values): "[" + values.map(printed).joined(separator: " ") + "]"
    case .object(let object):
      "map[" + sorted(object).map { "\($0.name):\(printed($0.value))" }.joined(separator: " ") + "]"
    }
  }

  /// Members in the order in which Go goes through a map: by the bytes of their names.
  static func sorted(_ object: JSONObject) -> [JSONObject.Member] {
    object.members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  var kind: String {
    switch self {
    case .missing, .json(.null): "nil"
    case .json(.bool): "bool"
    case .json(.number(let number)): Int64(number.text) == nil ? "float64" : "int"
    case .json(.string): "string"
    case .json(.array): "[]interface {}"
    case .json(.object): "map[string]interface {}"
    }
  }
}
