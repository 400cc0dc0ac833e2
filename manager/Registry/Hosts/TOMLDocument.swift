/// A value of a TOML document, as far as `hosts.toml` needs them.
enum TOMLValue: Equatable, Sendable {
  case string(String)
  case boolean(Bool)
  case integer(Int64)
  case array([TOMLValue])
  case table(TOMLTable)
}

/// Members in the order in which they were written: the hosts of a `hosts.toml` are tried in theirs.
struct TOMLTable: Equatable, Sendable {
  private(set) var names: [String] = []
  private var values: [String: TOMLValue] = [:]

  subscript(name: String) -> TOMLValue? {
    get { values[name] }
    set {
      if values[name] == nil { names.append(name) }
      values[name] = newValue
    }
  }

  mutating func forget(_ name: String) {
    names.removeAll { $0 == name }
    values[name] = nil
  }

  /// Puts `value` at the end of `path`, making the tables on the way.
  /// - Returns: whether there was room: nothing has a value twice, and only tables have members.
  mutating func set(_ path: ArraySlice<String>, to value: TOMLValue) -> Bool {
    guard let name = path.first else { return false }
    guard path.count > 1 else {
      guard self[name] == nil else { return false }
      self[name] = value
      return true
    }
    guard case .table(var inner) = self[name] ?? .table(TOMLTable()), inner.set(path.dropFirst(), to: value) else {
      return false
    }
    self[name] = .table(inner)
    return true
  }

  /// Sees that there is a table at the end of `path`.
  mutating func open(_ path: ArraySlice<String>) -> Bool {
    guard let name = path.first else { return true }
    guard case .table(var inner) = self[name] ?? .table(TOMLTable()), inner.open(path.dropFirst()) else { return false }
    self[name] = .table(inner)
    return true
  }
}

/// Why a text is not the TOML that is understood.
struct TOMLError: Error, Equatable, CustomStringConvertible {
  /// Counted from 1.
  var line: Int
  var reason: String

  var description: String { "line \(line): \(reason)" }
}
