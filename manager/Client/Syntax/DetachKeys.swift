/// The keys that detach the client from a container: `ctrl-p,ctrl-q`.
struct DetachKeys: Equatable {
  static let standard = DetachKeys(bytes: [0x10, 0x11])

  /// What the terminal sends for them.
  let bytes: [UInt8]

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// - Parameter text: keys between commas, each a letter or `ctrl-` with a letter or one of `@[\]^_`.
  /// - Throws: ``ClientError/usage(_:)``.
  init(_ text: String) throws(ClientError) {
    var bytes: [UInt8] = []
    for key in text.split(separator: ",", omittingEmptySubsequences: false) {
      if key.utf8.count == 1, let byte = key.utf8.first {
        bytes.append(byte)
      } else if key.hasPrefix("ctrl-"), key.utf8.count == 6, let byte = key.utf8.last, let control = Self.control(byte)
      {
        bytes.append(control)
      } else {
        throw .usage("invalid escape keys (\(text)): Unknown character: '\(key)'")
      }
    }
    self.init(bytes: bytes)
  }

  private static func control(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 1
    case UInt8(ascii: "@"): 0
    case UInt8(ascii: "[")...UInt8(ascii: "_"): byte - UInt8(ascii: "[") + 27
    default: nil
    }
  }
}

/// Finds the detach keys in what is typed, also when they come in pieces.
struct DetachKeyMatcher {
  private let keys: [UInt8]
  /// How many of the keys the last bytes typed were.
  private var matched = 0

  init(_ keys: DetachKeys) { self.keys = keys.bytes }

  /// - Returns: what goes to the container, without keys that may yet detach; and whether they did.
  mutating func feed(_ input: some Sequence<UInt8>) -> (output: [UInt8], isDetached: Bool) {
    var output: [UInt8] = []
    guard !keys.isEmpty else { return (Array(input), false) }
    for byte in input {
      if byte != keys[matched] {
        output += keys[..<matched]
        matched = 0
      }
      guard byte == keys[matched] else {
        output.append(byte)
        continue
      }
      matched += 1
      if matched == keys.count { return (output, true) }
    }
    return (output, false)
  }
}
