/// A value as D-Bus has them (D-Bus specification §Type system).
public enum DBusValue: Equatable, Sendable {
  case byte(UInt8)
  case boolean(Bool)
  case int16(Int16)
  case uint16(UInt16)
  case int32(Int32)
  case uint32(UInt32)
  case int64(Int64)
  case uint64(UInt64)
  case double(Double)
  case string(String)
  case objectPath(String)
  case signature(String)
  /// - Parameter of: the signature of the elements, which an empty array has too.
  case array(of: String, [DBusValue])
  case structure([DBusValue])
  /// Of an array that is a dictionary.
  indirect case entry(key: DBusValue, value: DBusValue)
  indirect case variant(DBusValue)

  /// The type in D-Bus's letters, `a(sv)`.
  public var signature: String {
    switch self {
    case .byte: "y"
    case .boolean: "b"
    case .int16: "n"
    case .uint16: "q"
    case .int32: "i"
    case .uint32: "u"
    case .int64: "x"
    case .uint64: "t"
    case .double: "d"
    case .string: "s"
    case .objectPath: "o"
    case .signature: "g"
    case .array(let element, _): "a\(element)"
    case .structure(let members): "(" + members.map { $0.signature }.joined() + ")"
    case .entry(let key, let value): "{\(key.signature)\(value.signature)}"
    case .variant: "v"
    }
  }

  /// The text of a string, an object path or a signature.
  public var text: String? {
    switch self {
    case .string(let text), .objectPath(let text), .signature(let text): text
    default: nil
    }
  }
}
