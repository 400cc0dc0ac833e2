/// The parameters after a request's `?`, decoded.
package struct Query: Equatable, Sendable {
  /// In the order of the request; a name may be there more than once.
  package private(set) var items: [Item] = []

  package struct Item: Equatable, Sendable {
    package var name: String
    package var value: String
  }

  package init() {}

  /// - Parameter text: `a=1&b=x%20y`, form-encoded (`+` is a space).
  /// - Throws: ``APIError`` 400 if an escape is malformed or the result is not UTF-8.
  package init(_ text: some StringProtocol) throws(APIError) {
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      items.append(
        Item(
          name: try PercentEncoding.decode(parts[0], plusIsSpace: true),
          value: parts.count > 1 ? try PercentEncoding.decode(parts[1], plusIsSpace: true) : ""))
    }
  }
}

extension Query {
  /// The first value of `name`; `nil` if it is not there.
  package subscript(name: String) -> String? { items.first { $0.name == name }?.value }

  /// All values of `name`.
  package func values(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

  /// Docker's idea of a boolean: absent, empty, `0`, `no`, `false` and `none` are false, everything else is true.
  package func bool(_ name: String) -> Bool {
    guard let value = self[name] else { return false }
    return !["", "0", "no", "false", "none"].contains(value.lowercased().trimmingSpaces())
  }

  /// As ``bool(_:)``, but `fallback` if the parameter is not there at all.
  package func bool(_ name: String, default fallback: Bool) -> Bool { self[name] == nil ? fallback : bool(name) }

  /// - Returns: `nil` if the parameter is absent or empty.
  /// - Throws: ``APIError`` 400 if it is not a decimal integer.
  package func integer(_ name: String) throws(APIError) -> Int? {
    guard let value = self[name], !value.isEmpty else { return nil }
    guard let number = Int(value) else { throw .invalidParameter("invalid value for \(name): \"\(value)\"") }
    return number
  }

  /// The `filters` parameter; no filters if it is absent or empty.
  package func filters() throws(APIError) -> Filters { try Filters(self["filters"] ?? "") }
}

extension StringProtocol {
  fileprivate func trimmingSpaces() -> String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
