public import JSON

/// A command line, which clients may also send as a single string (Engine API `Cmd`, `Entrypoint`).
public struct StringList: JSONConvertible, Equatable, Sendable {
  public var elements: [String]

  public init(_ elements: [String]) { self.elements = elements }

  public init(json: JSONValue) throws(JSONError) {
    if case .string(let single) = json { elements = [single] } else { elements = try [String](json: json) }
  }

  public func write(to writer: inout JSONWriter) { elements.write(to: &writer) }
}

extension StringList: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: String...) { self.elements = elements }
}

/// `{}`: the value of maps that are sets.
public struct EmptyObject: JSONMappable, Equatable, Sendable {
  /// Kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) { json.unknown(&unknown) }
}
