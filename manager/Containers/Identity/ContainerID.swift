public import JSON

/// The name of a container for life: 64 lower-case hexadecimal digits, as Docker makes them.
public struct ContainerID: Hashable, Sendable, CustomStringConvertible {
  public let text: String

  /// `nil` if `text` is not such an identifier.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == 64, text.utf8.allSatisfy(Self.isDigit) else { return nil }
    self.text = String(text)
  }

  private init(digits: [UInt8]) { text = String(decoding: digits, as: UTF8.self) }

  /// A fresh one. Its first twelve digits are not all decimal, so that nobody takes them for a number (Docker's rule).
  public static func random(using generator: inout some RandomNumberGenerator) -> ContainerID {
    let alphabet = Array("0123456789abcdef".utf8)
    while true {
      let digits = (0..<64).map { _ in alphabet[Int.random(in: 0..<16, using: &generator)] }
      if digits.prefix(12).contains(where: { $0 >= UInt8(ascii: "a") }) { return ContainerID(digits: digits) }
    }
  }

  public static func random() -> ContainerID {
    var generator = SystemRandomNumberGenerator()
    return random(using: &generator)
  }

  /// The first twelve digits, which Docker shows and uses as the host name.
  public var short: String { String(text.prefix(12)) }

  public var description: String { text }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: false
    }
  }
}

extension ContainerID: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    let text = try String(json: json)
    guard let id = ContainerID(text) else { throw JSONError(.invalid("\"\(text)\" is not a container identifier")) }
    self = id
  }

  public func write(to writer: inout JSONWriter) { text.write(to: &writer) }
}
