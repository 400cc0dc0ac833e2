/// One way to prove who one is that a server asks for (`WWW-Authenticate`, RFC 9110 §11.6.1).
public struct Challenge: Equatable, Sendable {
  /// Lower case: `basic`, `bearer`.
  public var scheme: String
  /// By their names in lower case.
  public var parameters: [String: String]

  /// Bytes of a header that are looked at, and challenges that are taken from it.
  private static let lengthLimit = 8 << 10
  private static let countLimit = 16

  /// Those of one header. What cannot be understood ends the list: nobody is asked for a password by noise.
  public static func all(in header: String) -> [Challenge] {
    guard header.utf8.count <= lengthLimit else { return [] }
    var scanner = Scanner(rest: Array(header.utf8)[...])
    var challenges: [Challenge] = []
    while challenges.count < countLimit, let challenge = scanner.challenge() { challenges.append(challenge) }
    return challenges
  }
}

extension Challenge {
  private struct Scanner {
    var rest: ArraySlice<UInt8>

    mutating func challenge() -> Challenge? {
      skip { Self.isSpace($0) || $0 == UInt8(ascii: ",") }
      guard let scheme = token() else { return nil }
      var challenge = Challenge(scheme: scheme.lowercased(), parameters: [:])
      while let (name, value) = parameter() { challenge.parameters[name.lowercased()] = value }
      return challenge
    }

    /// `name=value` or `name="value"`, after a comma or a space; nothing is read if there is none.
    private mutating func parameter() -> (String, String)? {
      let start = rest
      skip { Self.isSpace($0) || $0 == UInt8(ascii: ",") }
      guard let name = token() else { return abandon(start) }
      skip(Self.isSpace)
      guard rest.first == UInt8(ascii: "=") else { return abandon(start) }
      rest.removeFirst()
      skip(Self.isSpace)
      guard let value = rest.first == UInt8(ascii: "\"") ? quoted() : token() else { return abandon(start) }
      return (name, value)
    }

    private mutating func abandon(_ start: ArraySlice<UInt8>) -> (String, String)? {
      rest = start
      return nil
    }

    private mutating func quoted() -> String? {
      rest.removeFirst()
      var bytes: [UInt8] = []
      while let byte = rest.popFirst() {
        switch byte {
        case UInt8(ascii: "\""): return String(validating: bytes, as: UTF8.self)
        case UInt8(ascii: "\\"):
          guard let next = rest.popFirst() else { return nil }
          bytes.append(next)
        default: bytes.append(byte)
        }
      }
      return nil
    }

    private mutating func token() -> String? {
      let bytes = rest.prefix(while: Self.isToken)
      rest = rest.dropFirst(bytes.count)
      return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private mutating func skip(_ isSkipped: (UInt8) -> Bool) { rest = rest.drop(while: isSkipped) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// RFC 9110 §5.6.2; a value without quotes may hold the rest of a URL too, as careless servers send it.
    private static func isToken(_ byte: UInt8) -> Bool {
      byte > 0x20 && byte < 0x7F && !"\"(),;<=>?@[\\]{}".utf8.contains(byte)
    }
  }
}
