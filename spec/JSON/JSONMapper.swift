/// A type whose JSON form is an object. It names its members once, in ``map(_:)``, for both directions:
///
/// ```swift
/// public struct LinuxPids: JSONMappable {
///   public var limit: Int64?
///   public var unknown = JSONObject()
///
///   public init() {}
///
///   public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
///     try json.optional("limit", &limit)
///     json.unknown(&unknown)
///   }
/// }
/// ```
public protocol JSONMappable: JSONConvertible, Sendable {
  /// The value that reading starts from: what a member holds that is not in the text.
  init()

  /// Names every member with the property that holds it. Reading sets the properties, writing leaves them alone.
  mutating func map(_ json: inout JSONMapper) throws(JSONError)
}

extension JSONMappable {
  public init(json: JSONValue) throws(JSONError) {
    guard case .object(let object) = json else { throw .expected("an object", found: json) }
    self.init()
    var mapper = JSONMapper(reading: object)
    try map(&mapper)
  }

  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      var copy = self
      // Moved out and back, so that the buffer has one owner and is never copied.
      var mapper = JSONMapper(writing: JSONWriter())
      swap(&mapper.writer, &writer)
      // Only reading can fail; in the writing direction no member operation throws.
      do throws(JSONError) { try copy.map(&mapper) } catch { preconditionFailure("writing JSON failed: \(error)") }
      swap(&mapper.writer, &writer)
    }
  }
}

/// Carries the members of one object between a JSON text and the properties of a ``JSONMappable``.
public struct JSONMapper {
  private var source: JSONObject?
  private var taken: [Bool]
  fileprivate var writer: JSONWriter

  fileprivate init(reading object: JSONObject) {
    source = object
    taken = Array(repeating: false, count: object.members.count)
    writer = JSONWriter()
  }

  fileprivate init(writing writer: consuming JSONWriter) {
    source = nil
    taken = []
    self.writer = writer
  }

  /// Whether properties are being set from a text, not written to one.
  public var isReading: Bool { source != nil }

  /// A member that may be absent or `null`; `nil` is not written.
  public mutating func optional<Value: JSONConvertible>(
    _ name: String, _ value: inout Value?
  ) throws(JSONError) {
    if isReading {
      value = try take(name)
    } else if let value {
      writer.member(name, value)
    }
  }

  /// A member that may be absent or `null`; `nil` is written as `null`, as Go writes an empty pointer, list or map.
  public mutating func nullable<Value: JSONConvertible>(
    _ name: String, _ value: inout Value?
  ) throws(JSONError) {
    if !isReading, value == nil { writer.member(name, JSONValue.null) } else { try optional(name, &value) }
  }

  /// A member that must be there.
  public mutating func required<Value: JSONConvertible>(_ name: String, _ value: inout Value) throws(JSONError) {
    if isReading {
      guard let found: Value = try take(name) else { throw JSONError(.missing, path: name) }
      value = found
    } else {
      writer.member(name, value)
    }
  }

  /// A member that keeps its initial value when it is absent or `null`, and is always written.
  public mutating func field<Value: JSONConvertible>(_ name: String, _ value: inout Value) throws(JSONError) {
    if isReading {
      if let found: Value = try take(name) { value = found }
    } else {
      writer.member(name, value)
    }
  }

  /// A list, map or string that keeps its initial value when it is absent or `null`, and is not written when it is empty.
  public mutating func nonEmpty<Value: JSONConvertible & Collection>(
    _ name: String, _ value: inout Value
  ) throws(JSONError) {
    if isReading || !value.isEmpty { try field(name, &value) }
  }

  /// A boolean that is `false` when absent and written only when `true`.
  public mutating func flag(_ name: String, _ value: inout Bool) throws(JSONError) {
    if isReading || value { try field(name, &value) }
  }

  /// All members that nobody has named before this call, kept as they are.
  public mutating func unknown(_ rest: inout JSONObject) {
    if let source {
      rest = JSONObject(zip(source.members, taken).filter { !$0.1 }.map { $0.0 })
    } else {
      for member in rest.members { writer.member(member.name, member.value) }
    }
  }

  private mutating func take<Value: JSONConvertible>(_ name: String) throws(JSONError) -> Value? {
    guard let source else { return nil }
    var found: JSONValue?
    for index in source.members.indices where source.members[index].name == name {
      taken[index] = true
      found = source.members[index].value
    }
    guard let found, found != .null else { return nil }
    do { return try Value(json: found) } catch { throw error.within(name) }
  }
}
