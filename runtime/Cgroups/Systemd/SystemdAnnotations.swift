internal import DBus
internal import LinuxKernel

/// Properties that annotations ask for, `org.systemd.property.TimeoutStopUSec: "uint64 5000000"`, as in runc: the value is a
/// GVariant's text, and a name in `Sec` becomes one in `USec` with the time in microseconds.
enum SystemdAnnotations {
  static let prefix = "org.systemd.property."

  static func properties(in annotations: [String: String]) throws(CgroupError) -> [SystemdProperty] {
    var properties: [SystemdProperty] = []
    for (annotation, text) in annotations.sorted(by: { $0.key < $1.key }) where annotation.hasPrefix(prefix) {
      let name = String(annotation.dropFirst(prefix.utf8.count))
      guard name.utf8.count >= 3, name.utf8.allSatisfy({ (65...90).contains($0) || (97...122).contains($0) }),
        let value = value(text)
      else {
        throw CgroupError(
          .invalid("\"\(text)\" is no property's value, like 'text', uint64 5, true or ['a', 'b']"),
          path: "annotations[\"\(annotation)\"]")
      }
      properties.append(time(name, value) ?? SystemdProperty(name, value))
    }
    return properties
  }

  /// `nil` for what is no time in seconds.
  private static func time(_ name: String, _ value: DBusValue) -> SystemdProperty? {
    guard name.hasSuffix("Sec"), !name.hasSuffix("USec") else { return nil }
    let seconds: Double? =
      switch value {
      case .int32(let number): Double(number)
      case .uint32(let number): Double(number)
      case .int64(let number): Double(number)
      case .uint64(let number): Double(number)
      case .double(let number): number
      default: nil
      }
    guard let seconds, seconds >= 0, seconds < 1e12 else { return nil }
    return .number("\(name.dropLast(3))USec", UInt64(seconds * 1_000_000))
  }

  static func value(_ text: String) -> DBusValue? {
    let text = trimmed(text[...])
    if text == "true" || text == "false" { return .boolean(text == "true") }
    if text.hasPrefix("[") {
      guard text.hasSuffix("]"), text.utf8.count >= 2 else { return nil }
      let elements = elements(text.dropFirst().dropLast())
      return elements.map { .array(of: "s", $0.map(DBusValue.string)) }
    }
    if let string = string(text) { return .string(string) }
    return number(text)
  }

  private static func number(_ text: Substring) -> DBusValue? {
    let words = String(text).words
    guard let number = words.last, words.count <= 2 else { return nil }
    switch words.count == 2 ? words[0] : "" {
    case "uint64": return UInt64(number).map(DBusValue.uint64)
    case "int64": return Int64(number).map(DBusValue.int64)
    case "uint32": return UInt32(number).map(DBusValue.uint32)
    case "int32": return Int32(number).map(DBusValue.int32)
    case "byte": return UInt8(number).map(DBusValue.byte)
    case "double": return Double(number).map(DBusValue.double)
    case "": return Int32(number).map(DBusValue.int32) ?? Double(number).map(DBusValue.double)
    default: return nil
    }
  }

  /// What is between quotes, without escapes.
  private static func string(_ text: Substring) -> String? {
    guard let quote = text.utf8.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""), text.utf8.count >= 2,
      text.utf8.last == quote
    else { return nil }
    let content = text.utf8.dropFirst().dropLast()
    guard !content.contains(quote), !content.contains(UInt8(ascii: "\\")), !content.contains(0) else { return nil }
    return String(Substring(content))
  }

  private static func elements(_ text: Substring) -> [String]? {
    if trimmed(text).isEmpty { return [] }
    var found: [String] = []
    for part in text.fields(",", keepingEmpty: true) {
      guard let string = string(trimmed(part)) else { return nil }
      found.append(string)
    }
    return found
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let isSpace = { (byte: UInt8) in byte == 32 || byte == 9 || byte == 10 }
    let rest = text.utf8.drop(while: isSpace)
    return Substring(rest.prefix(rest.count - rest.reversed().prefix(while: isSpace).count))
  }
}
