internal import NIOCore

/// Finds the keys that end an attach, without ending the process, in what a client types.
struct DetachKeys: Sendable {
  /// `ctrl-p,ctrl-q`
  static let standard: [UInt8] = [16, 17]

  private let keys: [UInt8]
  /// How many of the keys have been typed in a row and are held back.
  private var matched = 0

  /// - Parameter text: comma-separated, each a character or `ctrl-` and one of `a-z@[\]^_`; empty is the standard.
  init(_ text: String) throws(ContainerError) {
    guard !text.isEmpty else {
      keys = Self.standard
      return
    }
    var keys: [UInt8] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let key = Self.key(part) else { throw .invalid("Invalid detach keys (\(text)) provided") }
      keys.append(key)
    }
    self.keys = keys
  }

  private static func key(_ text: Substring) -> UInt8? {
    if text.utf8.count == 1 { return text.utf8.first }
    guard text.hasPrefix("ctrl-"), text.utf8.count == 6, let letter = text.utf8.last else { return nil }
    switch letter {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): return letter - UInt8(ascii: "a") + 1
    case UInt8(ascii: "@"): return 0
    case UInt8(ascii: "[")...UInt8(ascii: "_"): return letter - UInt8(ascii: "@")
    default: return nil
    }
  }

  /// - Returns: what to pass on, and whether the keys were typed; what comes after them is dropped.
  mutating func filter(_ input: ByteBuffer) -> (passed: ByteBuffer, detached: Bool) {
    var passed = ByteBuffer()
    for byte in input.readableBytesView {
      if byte == keys[matched] {
        matched += 1
        if matched == keys.count { return (passed, true) }
        continue
      }
      passed.writeBytes(keys[..<matched])
      matched = byte == keys[0] ? 1 : 0
      if matched == 0 { passed.writeInteger(byte) }
      if keys.count == 1, matched == 1 { return (passed, true) }
    }
    return (passed, false)
  }
}
