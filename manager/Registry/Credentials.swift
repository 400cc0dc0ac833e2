/// Who somebody is at a registry. All empty: nobody in particular.
public struct Credentials: Equatable, Sendable {
  public var username: String
  public var password: String
  /// What an earlier login gave instead of a password.
  public var identityToken: String
  /// A bearer token that is sent as it is.
  public var registryToken: String

  public init(username: String = "", password: String = "", identityToken: String = "", registryToken: String = "") {
    self.username = username
    self.password = password
    self.identityToken = identityToken
    self.registryToken = registryToken
  }

  /// `Authorization: Basic` (RFC 7617); nil without a name.
  var basic: String? {
    username.isEmpty ? nil : "Basic \(Base64.encode(Array("\(username):\(password)".utf8)))"
  }
}

/// RFC 4648 §4, with padding.
private enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
      for index in 0..<4 {
        text.append(index > group.count ? UInt8(ascii: "=") : alphabet[Int(bits >> (18 - 6 * UInt32(index)) & 63)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
