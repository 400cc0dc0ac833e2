public import JSON

/// The name that people give a container, unique among containers: a letter or digit, then at least one of these or `_.-`.
public struct ContainerName: Hashable, Sendable, CustomStringConvertible {
  /// Without the slash that Docker's API puts before it.
  public let text: String

  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's message.
  public init(_ text: String) throws(ContainerError) {
    let name = text.hasPrefix("/") ? String(text.dropFirst()) : text
    guard Self.isValid(name) else {
      throw .invalid("Invalid container name (\(name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
    }
    self.text = name
  }

  init(generated text: String) { self.text = text }

  public var description: String { text }

  private static func isValid(_ name: String) -> Bool {
    let bytes = name.utf8
    guard (2...255).contains(bytes.count), let first = bytes.first, isAlphanumeric(first) else { return false }
    return bytes.allSatisfy { isAlphanumeric($0) || "_.-".utf8.contains($0) }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }
}

extension ContainerName: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    let text = try String(json: json)
    do { try self.init(text) } catch { throw JSONError(.invalid("\(error)")) }
  }

  public func write(to writer: inout JSONWriter) { text.write(to: &writer) }
}
