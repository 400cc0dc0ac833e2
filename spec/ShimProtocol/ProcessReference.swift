public import JSON

/// The identifier of an exec session, also the name of its folder in the bundle.
///
/// One to 128 letters, digits, `_`, `.` and `-`, the first of them a letter or a digit: never a path.
public struct ExecID: Hashable, Sendable, JSONConvertible, CustomStringConvertible {
  public let text: String

  /// `nil` if `text` is not such an identifier.
  public init?(_ text: String) {
    let bytes = text.utf8
    guard (1...128).contains(bytes.count), let first = bytes.first, Self.isAlphanumeric(first) else { return nil }
    guard bytes.allSatisfy({ Self.isAlphanumeric($0) || "_.-".utf8.contains($0) }) else { return nil }
    self.text = text
  }

  /// Holds the place of a required member until it is read.
  static let none = ExecID(unchecked: "")

  private init(unchecked text: String) { self.text = text }

  public init(json: JSONValue) throws(JSONError) {
    let text = try String(json: json)
    guard let id = ExecID(text) else { throw JSONError(.invalid("\"\(text)\" is not an exec identifier")) }
    self = id
  }

  public func write(to writer: inout JSONWriter) { text.write(to: &writer) }

  public var description: String { text }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }
}

/// Which process of the container a request is about: in JSON the empty string or an exec session's identifier.
public enum ProcessReference: Hashable, Sendable, JSONConvertible {
  /// The container's init.
  case container
  case exec(ExecID)

  public init(json: JSONValue) throws(JSONError) {
    if json == .string("") { self = .container } else { self = .exec(try ExecID(json: json)) }
  }

  public func write(to writer: inout JSONWriter) {
    switch self {
    case .container: "".write(to: &writer)
    case .exec(let id): id.write(to: &writer)
    }
  }
}
