internal import JSON

/// The form that requests, replies and events share: a name under a key that says what kind of message it is, and an
/// `arguments` value if the name has one.
struct NamedMessage {
  let key: String
  private(set) var name = ""
  private var value: JSONValue?

  init(key: String) { self.key = key }

  /// Members that are not known are ignored, so that a manager and a shim of different versions understand each other.
  mutating func read(_ json: JSONValue) throws(JSONError) {
    let object = try JSONObject(json: json)
    guard let name = object[key] else { throw JSONError(.missing, path: key) }
    do { self.name = try String(json: name) } catch { throw error.within(key) }
    value = object["arguments"]
  }

  func arguments<Arguments: JSONConvertible>() throws(JSONError) -> Arguments {
    guard let value else { throw JSONError(.missing, path: "arguments") }
    do { return try Arguments(json: value) } catch { throw error.within("arguments") }
  }

  var unknownName: JSONError { JSONError(.invalid("unknown \(key) \"\(name)\""), path: key) }

  static func write(_ key: String, _ name: String, to writer: inout JSONWriter) {
    writer.object { writer in writer.member(key, name) }
  }

  static func write(_ key: String, _ name: String, _ arguments: some JSONConvertible, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member(key, name)
      writer.member("arguments", arguments)
    }
  }
}
