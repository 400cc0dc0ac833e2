/// Why a text is not the name of an image.
public struct ReferenceError: Error, Equatable, Sendable {
  public enum Reason: Equatable, Sendable {
    case empty
    /// Longer than any name can be.
    case length
    case domain
    /// Letters of the repository must be lower case.
    case upperCase
    case path
    case tag
    case digest
    /// 64 hexadecimal digits can only be an image's ID.
    case identifier
  }

  public var reason: Reason
  /// What was given, cut to a length that fits a message.
  public var text: String

  public init(_ reason: Reason, _ text: some StringProtocol) {
    self.reason = reason
    self.text = String(text.prefix(160))
  }
}

extension ReferenceError: CustomStringConvertible {
  public var description: String {
    let why =
      switch reason {
      case .empty: "the name is empty"
      case .length: "the name is longer than \(ReferenceGrammar.nameLimit) characters"
      case .domain: "the registry's host is malformed"
      case .upperCase: "repository name must be lowercase"
      case .path: "a part of the repository's name has a character or a separator where none may be"
      case .tag: "a tag has 1 to 128 letters, digits, '_', '.' and '-', and starts with none of the last two"
      case .digest: "the digest must be sha256: and 64 hexadecimal digits"
      case .identifier: "64 hexadecimal digits are an image's ID, not a name"
      }
    return "invalid reference format: \"\(text)\": \(why)"
  }
}
