/// `eq ne lt le gt ge`.
enum TemplateComparison {
  /// `eq` holds if the first value is one of the others.
  static func compare(_ name: String, _ arguments: [TemplateValue]) throws(TemplateCallError) -> Bool {
    switch name {
    case "eq":
      guard arguments.count > 1 else { throw TemplateCallError(message: "missing argument for comparison") }
      for other in arguments.dropFirst() where try areEqual(arguments[0], other) { return true }
      return false
    case "ne": return try !areEqual(arguments[0], arguments[1])
    case "lt": return try precedes(arguments[0], arguments[1])
    case "gt": return try precedes(arguments[1], arguments[0])
    case "le": return try !precedes(arguments[1], arguments[0])
    default: return try !precedes(arguments[0], arguments[1])
    }
  }

  private static func areEqual(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateCallError) -> Bool {
    switch (left, right) {
    case (.json(.array), _), (.json(.object), _), (_, .json(.array)), (_, .json(.object)):
      throw TemplateCallError(message: "non-comparable type")
    case (.json(.number(let left)), .json(.number(let right))): return left.text == right.text
    case (.missing, _), (_, .missing), (.json(.null), _), (_, .json(.null)): return left.kind == right.kind
    default:
      guard left.kind == right.kind else { throw incompatible }
      return left == right
    }
  }

  private static func precedes(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateCallError) -> Bool {
    switch (left, right) {
    case (.json(.string(let left)), .json(.string(let right))):
      return left.utf8.lexicographicallyPrecedes(right.utf8)
    case (.json(.number(let left)), .json(.number(let right))):
      if let left = Int64(left.text), let right = Int64(right.text) { return left < right }
      return (Double(left.text) ?? 0) < (Double(right.text) ?? 0)
    default:
      guard left.kind == right.kind else { throw incompatible }
      throw TemplateCallError(message: "invalid type for comparison")
    }
  }

  private static var incompatible: TemplateCallError { TemplateCallError(message: "incompatible types for comparison") }
}
