public import JSON

/// `--link` on the default network: another container there that this one knows by a further name.
public struct LegacyLink: Equatable, Sendable, JSONMappable {
  /// A name, or in a record the other container's identifier.
  public var target = ""
  /// The further name.
  public var alias = ""

  public init() {}

  /// Reads `name:alias`, `name`, and what an inspection tells of one: `/name:/owner/alias`.
  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words.
  public init(docker text: String) throws(ContainerError) {
    guard !text.isEmpty else { throw .invalid("empty string specified for links") }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    // A name in /etc/hosts ends at a space.
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }), !text.contains(where: { $0.isWhitespace || $0 == "\0" })
    else { throw .invalid("bad format for links: \(text)") }
    target = parts[0]
    alias = parts[parts.count - 1]
    guard target.hasPrefix("/") else { return }
    target.removeFirst()
    alias = alias.split(separator: "/").last.map(String.init) ?? alias
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("target", &target)
    try json.required("alias", &alias)
  }
}
