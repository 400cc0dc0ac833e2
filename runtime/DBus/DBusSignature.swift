/// Types in D-Bus's letters.
enum DBusSignature {
  /// How deep arrays, structures and variants may be within each other: nothing that is read here is as deep.
  static let maximumDepth = 32

  static func alignment(of letter: UInt8?) -> Int {
    switch letter {
    case UInt8(ascii: "n"), UInt8(ascii: "q"): 2
    case UInt8(ascii: "b"), UInt8(ascii: "i"), UInt8(ascii: "u"), UInt8(ascii: "s"), UInt8(ascii: "o"),
      UInt8(ascii: "a"):
      4
    case UInt8(ascii: "x"), UInt8(ascii: "t"), UInt8(ascii: "d"), UInt8(ascii: "("), UInt8(ascii: "{"): 8
    default: 1
    }
  }

  /// Takes one complete type off the front of `signature`.
  /// - Throws: ``DBusError/malformed(_:)`` if there is none.
  static func takeType(_ signature: inout Substring.UTF8View, depth: Int = 0) throws(DBusError) -> Substring.UTF8View {
    guard depth < maximumDepth else { throw .malformed("a type is nested too deeply") }
    let whole = signature
    guard let letter = signature.popFirst() else { throw .malformed("a type is missing") }
    switch letter {
    case UInt8(ascii: "a"): _ = try takeType(&signature, depth: depth + 1)
    case UInt8(ascii: "("): try takeMembers(&signature, UInt8(ascii: ")"), depth)
    case UInt8(ascii: "{"): try takeMembers(&signature, UInt8(ascii: "}"), depth)
    default:
      guard "ybnqiuxtdsogv".utf8.contains(letter) else { throw .malformed("a type is not known") }
    }
    return whole[whole.startIndex..<signature.startIndex]
  }

  private static func takeMembers(
    _ signature: inout Substring.UTF8View, _ end: UInt8, _ depth: Int
  ) throws(DBusError) {
    var count = 0
    while signature.first != end {
      _ = try takeType(&signature, depth: depth + 1)
      count += 1
    }
    _ = signature.popFirst()
    let isEntry = end == UInt8(ascii: "}")
    guard isEntry ? count == 2 : count > 0 else { throw .malformed("a structure has \(count) members") }
  }
}
