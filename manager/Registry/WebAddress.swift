/// An `http` or `https` URL (RFC 3986), as far as registries use them.
public struct WebAddress: Hashable, Sendable {
  /// Who is talked to: what credentials are given to, and to nobody else.
  public struct Origin: Hashable, Sendable {
    public var isSecure: Bool
    /// Lower case; an IPv6 address in brackets.
    public var host: String
    public var port: UInt16
  }

  /// More than any registry needs, so that a redirect cannot grow for ever.
  private static let lengthLimit = 16 << 10

  public var origin: Origin
  /// Path and query, beginning with a slash.
  public var target: String

  init(origin: Origin, target: String) {
    self.origin = origin
    self.target = target
  }

  /// Nil for other schemes, for one with a user or a password in it, and for what is malformed.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count <= Self.lengthLimit, text.utf8.allSatisfy(Self.isVisible) else { return nil }
    let text = text.prefix { $0 != "#" }
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
    let isSecure: Bool
    switch text[..<colon].lowercased() {
    case "https": isSecure = true
    case "http": isSecure = false
    default: return nil
    }
    let rest = text[text.index(colon, offsetBy: 3)...]
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    guard let origin = Origin(isSecure: isSecure, authority: String(rest[..<end])) else { return nil }
    let target = rest[end...]
    self.init(origin: origin, target: target.hasPrefix("/") ? String(target) : "/\(target)")
  }

  /// Where `location`, which the answer to a request for this address named, leads (RFC 9110 §10.2.2). Nil if nowhere.
  func resolving(_ location: String) -> WebAddress? {
    if location.contains("://"), let address = WebAddress(location) { return address }
    let scheme = origin.isSecure ? "https" : "http"
    if location.hasPrefix("//") { return WebAddress("\(scheme):\(location)") }
    if location.hasPrefix("/") { return WebAddress("\(scheme)://\(origin.authority)\(location)") }
    let path = target.prefix { $0 != "?" }
    if location.hasPrefix("?") { return WebAddress("\(scheme)://\(origin.authority)\(path)\(location)") }
    guard !location.contains("://"), let slash = path.lastIndex(of: "/") else { return nil }
    return WebAddress("\(scheme)://\(origin.authority)\(path[...slash])\(location)")
  }

  /// The same with a further parameter, its value escaped.
  func with(_ name: String, _ value: String) -> WebAddress {
    let separator = target.contains("?") ? "&" : "?"
    return WebAddress(origin: origin, target: "\(target)\(separator)\(name)=\(Self.escaped(value))")
  }

  /// For a form or a query (RFC 3986 §2.1): everything but unreserved characters as `%XX`.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for byte in text.utf8 {
      let character = Character(Unicode.Scalar(byte))
      if byte < 0x80, character.isLetter || character.isNumber || "-._~".contains(character) {
        escaped.append(character)
      } else {
        escaped += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return escaped
  }

  private static func isVisible(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }
}

extension WebAddress: CustomStringConvertible {
  public var description: String { "\(origin)\(target)" }
}

extension WebAddress.Origin {
  /// - Parameter authority: `host`, `host:port`, `[::1]:port`.
  init?(isSecure: Bool, authority: String) {
    guard !authority.isEmpty, !authority.contains(where: { "@\\%<>\"{}|^`".contains($0) }) else { return nil }
    var host = authority.lowercased()[...]
    var port: UInt16 = isSecure ? 443 : 80
    if let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") {
      let digits = host[host.index(after: colon)...]
      guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt16(digits), number > 0 else {
        return nil
      }
      port = number
      host = host[..<colon]
    }
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.count > 2
    guard !host.isEmpty, isBracketed || !host.contains(where: { ":[]".contains($0) }) else { return nil }
    self.init(isSecure: isSecure, host: String(host), port: port)
  }

  /// Host, and port if it is not the scheme's.
  var authority: String { port == (isSecure ? 443 : 80) ? host : "\(host):\(port)" }
}

extension WebAddress.Origin: CustomStringConvertible {
  public var description: String { "\(isSecure ? "https" : "http")://\(authority)" }
}
