/// The rules that parts of an image's name follow (the grammar of the distribution project's references).
enum ReferenceGrammar {
  /// Characters of registry and repository together.
  static let nameLimit = 255
  /// Characters of the whole text: name, tag and digest with their separators.
  static let textLimit = nameLimit + 129 + 72

  /// A letter, a digit or `_`, and then at most 127 of these, `.` and `-`.
  static func isTag(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, isWord(first), text.utf8.count <= 128 else { return false }
    return text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
  }

  /// Components between slashes: lower-case letters and digits, in between one `.`, one or two `_`, or any number of `-`.
  static func isPath(_ text: Substring) -> Bool {
    text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy(isComponent)
  }

  private static func isComponent(_ text: Substring.UTF8View) -> Bool {
    guard let first = text.first, isLower(first), let last = text.last, isLower(last) else { return false }
    var separator: [UInt8] = []
    for byte in text {
      if !isLower(byte) {
        separator.append(byte)
      } else if !separator.isEmpty {
        guard isSeparator(separator) else { return false }
        separator.removeAll(keepingCapacity: true)
      }
    }
    return true
  }

  private static func isSeparator(_ bytes: [UInt8]) -> Bool {
    switch bytes {
    case [UInt8(ascii: ".")], [UInt8(ascii: "_")], [UInt8(ascii: "_"), UInt8(ascii: "_")]: true
    default: bytes.allSatisfy { $0 == UInt8(ascii: "-") }
    }
  }

  /// A host name or an IPv6 address in brackets, and perhaps a port.
  static func isDomain(_ text: Substring) -> Bool {
    var host = text
    if let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")), !text[colon...].utf8.contains(UInt8(ascii: "]")) {
      let port = text[text.index(after: colon)...]
      guard !port.isEmpty, port.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
        return false
      }
      host = text[..<colon]
    }
    if host.hasPrefix("["), host.hasSuffix("]") { return isAddress(host.dropFirst().dropLast()) }
    return host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isLabel)
  }

  private static func isAddress(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 == UInt8(ascii: ":") || isHexadecimal($0) }
  }

  private static func isLabel(_ text: Substring.UTF8View) -> Bool {
    guard let first = text.first, isAlphanumeric(first), let last = text.last, isAlphanumeric(last) else {
      return false
    }
    return text.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isLower(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLower(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  private static func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
