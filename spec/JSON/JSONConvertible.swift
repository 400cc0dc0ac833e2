/// A type that has a JSON form.
public protocol JSONConvertible {
  /// - Throws: ``JSONError`` whose path starts at this value.
  init(json: JSONValue) throws(JSONError)

  func write(to writer: inout JSONWriter)
}

extension JSONConvertible {
  /// Reads a whole JSON text.
  public init(jsonText bytes: [UInt8], limits: JSONReader.Limits = JSONReader.Limits()) throws(JSONError) {
    try self.init(json: JSONReader.read(bytes, limits: limits))
  }
}

extension JSONValue: JSONConvertible {
  public init(json: JSONValue) { self = json }

  public func write(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.raw("null")
    case .bool(let value): writer.raw(value ? "true" : "false")
    case .number(let number): writer.raw(number.text)
    case .string(let text): writer.text(text)
    case .array(let elements): elements.write(to: &writer)
    case .object(let object): object.write(to: &writer)
    }
  }
}

extension JSONObject: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    guard case .object(let object) = json else { throw .expected("an object", found: json) }
    self = object
  }

  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      for member in members { writer.member(member.name, member.value) }
    }
  }
}

extension Bool: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    guard case .bool(let value) = json else { throw .expected("a boolean", found: json) }
    self = value
  }

  public func write(to writer: inout JSONWriter) { writer.raw(self ? "true" : "false") }
}

extension String: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    guard case .string(let text) = json else { throw .expected("a string", found: json) }
    self = text
  }

  public func write(to writer: inout JSONWriter) { writer.text(self) }
}

extension Double: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    guard case .number(let number) = json, let value = Double(number.text), value.isFinite else {
      throw .expected("a number", found: json)
    }
    self = value
  }

  public func write(to writer: inout JSONWriter) { writer.raw(JSONNumber(self).text) }
}

extension JSONConvertible where Self: FixedWidthInteger {
  public init(json: JSONValue) throws(JSONError) {
    guard case .number(let number) = json, let value = Self(number.text) else {
      throw .expected("an integer from \(Self.min) to \(Self.max)", found: json)
    }
    self = value
  }

  public func write(to writer: inout JSONWriter) { writer.raw(String(self)) }
}

extension Int: JSONConvertible {}
extension Int64: JSONConvertible {}
extension Int32: JSONConvertible {}
extension Int16: JSONConvertible {}
extension UInt: JSONConvertible {}
extension UInt64: JSONConvertible {}
extension UInt32: JSONConvertible {}
extension UInt16: JSONConvertible {}
extension UInt8: JSONConvertible {}

extension JSONConvertible where Self: RawRepresentable, RawValue: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    let raw = try RawValue(json: json)
    // Embedded Swift can print what it knows the type of, and no other value.
    guard let value = Self(rawValue: raw) else {
      throw JSONError(.invalid("unknown value \(JSONWriter.string(raw))"))
    }
    self = value
  }

  public func write(to writer: inout JSONWriter) { rawValue.write(to: &writer) }
}

extension Array: JSONConvertible where Element: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    guard case .array(let values) = json else { throw .expected("an array", found: json) }
    self = []
    reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      do { append(try Element(json: value)) } catch { throw error.within(index) }
    }
  }

  public func write(to writer: inout JSONWriter) {
    writer.array { writer in
      for element in self { writer.element(element) }
    }
  }
}

extension Dictionary: JSONConvertible where Key == String, Value: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    let object = try JSONObject(json: json)
    self = [:]
    reserveCapacity(object.members.count)
    for (name, value) in object.members {
      do { self[name] = try Value(json: value) } catch { throw error.within(name) }
    }
  }

  /// Members in the order of their names, as Go writes a map.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      // Sorting pairs takes several times as long.
      for name in keys.sorted() { if let value = self[name] { writer.member(name, value) } }
    }
  }
}
