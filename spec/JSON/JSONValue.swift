/// A JSON value (RFC 8259). Objects keep the order of their members, numbers keep their text, so that what is read and
/// not understood can be written again unchanged.
public enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

extension JSONValue {
  /// The members of an object, or `nil` for any other kind of value.
  public var object: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  /// The elements of an array, or `nil` for any other kind of value.
  public var array: [JSONValue]? {
    if case .array(let array) = self { array } else { nil }
  }

  /// The text of a string, or `nil` for any other kind of value.
  public var string: String? {
    if case .string(let string) = self { string } else { nil }
  }

  /// The member `name` of an object; `nil` if there is none or this is no object.
  public subscript(name: String) -> JSONValue? { object?[name] }

  /// What kind of value this is, in words for an error message.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number(let number): "the number \(number.text)"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// A number as it was written. Nothing is rounded before somebody asks for a particular type.
public struct JSONNumber: Equatable, Sendable {
  /// The number in JSON's grammar (RFC 8259 §6).
  public let text: String

  init(validated text: String) { self.text = text }

  public init(_ value: some FixedWidthInteger) { text = String(value) }

  /// - Precondition: `value` is finite; JSON has no infinities.
  public init(_ value: Double) {
    precondition(value.isFinite, "JSON cannot express \(value)")
    let shortest = "\(value)"
    text = shortest.hasSuffix(".0") ? String(shortest.dropLast(2)) : shortest
  }
}

/// The members of a JSON object in the order in which they were written.
///
/// A name that is written twice counts with its last value, as Go's `encoding/json` has it. Lookup is linear: objects of
/// specifications are small, and maps with many members are read by iteration.
public struct JSONObject: Equatable, Sendable {
  public typealias Member = (name: String, value: JSONValue)

  public private(set) var members: [Member]

  public init() { members = [] }

  public init(_ members: [Member]) { self.members = members }

  public var isEmpty: Bool { members.isEmpty }

  public subscript(name: String) -> JSONValue? {
    get { members.last { $0.name == name }?.value }
    set {
      members.removeAll { $0.name == name }
      if let newValue { members.append((name, newValue)) }
    }
  }

  public mutating func append(_ name: String, _ value: JSONValue) { members.append((name, value)) }

  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members.elementsEqual(right.members) { $0.name == $1.name && $0.value == $1.value }
  }
}
