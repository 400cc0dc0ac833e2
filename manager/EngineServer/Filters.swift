internal import JSON

/// The `filters` of list and prune requests: for each name the values of which one must match.
///
/// Two JSON forms are in use: `{"label":["a=b","c"]}`, and since API 1.22 `{"label":{"a=b":true,"c":true}}`.
package struct Filters: Equatable, Sendable {
  private var values: [String: [String]] = [:]

  package init() {}

  package init(_ values: [String: [String]]) { self.values = values }

  /// - Parameter text: one of the two JSON forms, or nothing.
  /// - Throws: ``APIError`` 400 if it is neither.
  package init(_ text: String) throws(APIError) {
    guard !text.isEmpty else { return }
    do throws(JSONError) {
      for (name, value) in try JSONObject(json: JSONReader.read(text)).members {
        values[name] = try Self.list(value)
      }
    } catch {
      throw .invalidParameter("invalid filter: \(error)")
    }
  }

  private static func list(_ value: JSONValue) throws(JSONError) -> [String] {
    guard let object = value.object else { return try [String](json: value) }
    return object.members.filter { $0.value == .bool(true) }.map(\.name)
  }
}

extension Filters {
  package var isEmpty: Bool { values.isEmpty }

  /// All values, by name.
  package var all: [String: [String]] { values }

  package var names: [String] { values.keys.sorted() }

  /// The values given for `name`, none if it was not given.
  package subscript(name: String) -> [String] { values[name] ?? [] }

  /// - Throws: ``APIError`` 400 in Docker's words if a filter is not one of `known`.
  package func check(known: Set<String>) throws(APIError) {
    for name in names where !known.contains(name) { throw .invalidParameter("invalid filter '\(name)'") }
  }

  /// The boolean filter `name`; `nil` if it was not given.
  /// - Throws: ``APIError`` 400 if it is not exactly one of Docker's spellings of true and false.
  package func bool(_ name: String) throws(APIError) -> Bool? {
    guard let given = values[name] else { return nil }
    switch given {
    case ["1"], ["true"]: return true
    case ["0"], ["false"]: return false
    default: throw .invalidParameter("invalid filter '\(name)=[\(given.joined(separator: " "))]'")
    }
  }
}
