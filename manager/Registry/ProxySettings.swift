internal import LinuxKernel

/// Through whom registries are spoken to, as curl and Go read it from the environment.
public struct ProxySettings: Equatable, Sendable {
  /// A proxy that tunnels (`CONNECT`, RFC 9110 §9.3.6).
  struct Proxy: Hashable, Sendable {
    var host: String
    var port: Int
    var username = ""
    var password = ""
  }

  private var secure: Proxy?
  private var plain: Proxy?
  private var exceptions: [Exception] = []
  /// What they were given as, for `GET /info`: without passwords.
  public private(set) var texts = (http: "", https: "", none: "")

  public static func == (left: ProxySettings, right: ProxySettings) -> Bool {
    left.secure == right.secure && left.plain == right.plain && left.exceptions == right.exceptions
  }

  /// No proxies.
  public init() {}

  /// - Parameters:
  ///   - http: for addresses without TLS, `http://[USER:PASSWORD@]HOST:PORT`; empty: none.
  ///   - https: for those with.
  ///   - none: whom to speak to directly, with commas between: names with all below them, addresses, networks, `*`.
  /// - Throws: ``RegistryError`` for a proxy that cannot be used.
  public init(http: String, https: String, none: String) throws(RegistryError) {
    plain = try Self.proxy(http)
    secure = try Self.proxy(https)
    exceptions = none.split(separator: ",").compactMap { Exception($0.filter { $0 != " " }.lowercased()) }
    texts = (Self.withoutPassword(http), Self.withoutPassword(https), none)
  }

  private static func proxy(_ text: String) throws(RegistryError) -> Proxy? {
    if text.isEmpty { return nil }
    var rest = text[...]
    if let scheme = text.firstRange(of: "://") {
      guard text[..<scheme.lowerBound].lowercased() == "http" else {
        throw RegistryError(.invalid, "only proxies that are reached by http:// are supported")
      }
      rest = text[scheme.upperBound...]
    }
    var user: [Substring] = []
    if let at = rest.lastIndex(of: "@") {
      user = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      rest = rest[rest.index(after: at)...]
    }
    guard let origin = WebAddress.Origin(isSecure: false, authority: String(rest.prefix { $0 != "/" })),
      let words = try? user.map({ try unescaped($0) })
    else { throw RegistryError(.invalid, "\"\(withoutPassword(text))\" is not the address of a proxy") }
    return Proxy(
      host: origin.bareHost, port: Int(origin.port), username: words.first ?? "",
      password: words.count > 1 ? words[1] : "")
  }

  private struct Malformed: Error {}

  private static func unescaped(_ text: Substring) throws -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        throw Malformed()
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func withoutPassword(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@") else { return text }
    let scheme = text.firstRange(of: "://").map { String(text[..<$0.upperBound]) } ?? ""
    return "\(scheme)xxxxx:xxxxx\(text[at...])"
  }

  /// Whom to go through; nil: nobody. This machine is always spoken to directly.
  func proxy(for origin: WebAddress.Origin) -> Proxy? {
    guard let proxy = origin.isSecure ? secure : plain else { return nil }
    let address = IPv4Address(origin.host)
    if origin.host == "localhost" || origin.host == "[::1]" || address?.isLoopback == true { return nil }
    return exceptions.contains { $0.matches(origin, address) } ? nil : proxy
  }
}

/// One word of `NO_PROXY`.
private struct Exception: Equatable, Sendable {
  private enum Hosts: Equatable {
    case all
    case network(IPv4Prefix)
    /// Exactly this, or this and all names below it, or those alone.
    case name(String, isItself: Bool, withBelow: Bool)
  }

  private let hosts: Hosts
  private let port: UInt16?

  /// Nil if it means nobody.
  init?(_ text: String) {
    if text.isEmpty { return nil }
    if text == "*" {
      (hosts, port) = (.all, nil)
      return
    }
    let parts = text.split(separator: "/", maxSplits: 1)
    if parts.count == 2 {
      guard let address = IPv4Address(String(parts[0])), let length = UInt8(parts[1]),
        let prefix = IPv4Prefix(address, length: length)
      else { return nil }
      (hosts, port) = (.network(prefix), nil)
      return
    }
    let isBelow = text.hasPrefix(".") || text.hasPrefix("*.")
    let name = isBelow ? String(text.drop { $0 == "*" }.dropFirst()) : text
    guard let origin = WebAddress.Origin(isSecure: true, authority: name) else { return nil }
    let isName = IPv4Address(origin.host) == nil && !origin.host.hasPrefix("[")
    hosts = .name(origin.host, isItself: !isBelow, withBelow: isName)
    port = name.hasSuffix(":\(origin.port)") ? origin.port : nil
  }

  func matches(_ origin: WebAddress.Origin, _ address: IPv4Address?) -> Bool {
    if let port, port != origin.port { return false }
    switch hosts {
    case .all: return true
    case .network(let prefix):
      return address.map { IPv4Prefix($0, length: prefix.length)?.first == prefix.first } ?? false
    case .name(let name, let isItself, let withBelow):
      return isItself && origin.host == name || withBelow && origin.host.hasSuffix(".\(name)")
    }
  }
}

extension WebAddress.Origin {
  /// The host without the brackets of an IPv6 address.
  fileprivate var bareHost: String { host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host }
}
