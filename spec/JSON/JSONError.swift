/// What is wrong with a JSON text, and where.
public struct JSONError: Error, Equatable, Sendable {
  public enum Reason: Equatable, Sendable {
    /// The text is not JSON; `line` and `column` count from 1, columns in bytes.
    case syntax(String, line: Int, column: Int)
    /// The text is longer, or nested deeper, than the reader was told to accept.
    case limit(String)
    /// A member that must be there is not.
    case missing
    /// A value is there, but is not what the schema says.
    case invalid(String)
  }

  public var reason: Reason
  /// The way from the root to the culprit, `linux.resources.devices[2].type`; empty for the root.
  public private(set) var path: String

  public init(_ reason: Reason, path: String = "") {
    self.reason = reason
    self.path = path
  }

  public static func expected(_ what: String, found value: JSONValue) -> JSONError {
    JSONError(.invalid("expected \(what), found \(value.kind)"))
  }

  /// The same error seen from the object that holds the culprit under `name`.
  public func within(_ name: String) -> JSONError {
    var error = self
    error.path = path.isEmpty || path.hasPrefix("[") ? name + path : "\(name).\(path)"
    return error
  }

  /// The same error seen from the array that holds the culprit at `index`.
  public func within(_ index: Int) -> JSONError {
    var error = self
    error.path = path.isEmpty || path.hasPrefix("[") ? "[\(index)]\(path)" : "[\(index)].\(path)"
    return error
  }
}

extension JSONError: CustomStringConvertible {
  public var description: String {
    let text =
      switch reason {
      case .syntax(let message, let line, let column): "\(message) (line \(line), column \(column))"
      case .limit(let message): message
      case .missing: "is required"
      case .invalid(let message): message
      }
    return path.isEmpty ? text : "\(path): \(text)"
  }
}
