extension Reference {
  /// Reads a name as a person types it and completes it.
  /// - Throws: ``ReferenceError`` that says which part is wrong.
  public init(_ text: some StringProtocol) throws(ReferenceError) {
    guard !text.isEmpty else { throw ReferenceError(.empty, text) }
    guard text.utf8.count <= ReferenceGrammar.textLimit else { throw ReferenceError(.length, text) }
    if text.utf8.count == 64, text.utf8.allSatisfy(Digest.isDigit) { throw ReferenceError(.identifier, text) }
    let text = String(text)
    var rest = text[...]
    let digest = try Self.cutDigest(&rest, of: text)
    let tag = try Self.cutTag(&rest, of: text)
    let (domain, path) = Self.split(rest)
    guard ReferenceGrammar.isDomain(domain) else { throw ReferenceError(.domain, text) }
    guard path.utf8.allSatisfy({ !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
      throw ReferenceError(.upperCase, text)
    }
    guard ReferenceGrammar.isPath(path) else { throw ReferenceError(.path, text) }
    guard domain.utf8.count + 1 + path.utf8.count <= ReferenceGrammar.nameLimit else {
      throw ReferenceError(.length, text)
    }
    self.init(
      domain: String(domain), path: String(path), tag: tag ?? (digest == nil ? Self.defaultTag : nil), digest: digest)
  }

  private static func cutDigest(_ rest: inout Substring, of text: String) throws(ReferenceError) -> Digest? {
    guard let at = rest.utf8.firstIndex(of: UInt8(ascii: "@")) else { return nil }
    let digest = rest[rest.index(after: at)...]
    rest = rest[..<at]
    do { return try Digest(digest) } catch { throw ReferenceError(.digest, text) }
  }

  /// A colon after the last slash starts the tag; one before it belongs to the registry's port.
  private static func cutTag(_ rest: inout Substring, of text: String) throws(ReferenceError) -> String? {
    guard let colon = rest.utf8.lastIndex(of: UInt8(ascii: ":")),
      !rest[colon...].utf8.contains(UInt8(ascii: "/"))
    else { return nil }
    let tag = rest[rest.index(after: colon)...]
    guard ReferenceGrammar.isTag(tag) else { throw ReferenceError(.tag, text) }
    rest = rest[..<colon]
    return String(tag)
  }

  /// What stands before the first slash is a host if it could not be a part of a path: it has a dot, a colon or a capital, or
  /// is `localhost`.
  private static func split(_ name: Substring) -> (domain: Substring, path: Substring) {
    var domain = Substring(defaultDomain)
    var path = name
    if let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")) {
      let first = name[..<slash]
      if namesHost(first) {
        domain = first == "index.docker.io" ? Substring(defaultDomain) : first
        path = name[name.index(after: slash)...]
      }
    }
    if domain == defaultDomain, !path.utf8.contains(UInt8(ascii: "/")) { path = Substring(officialPrefix + path) }
    return (domain, path)
  }

  static func namesHost(_ first: Substring) -> Bool { first.utf8.contains(where: isHostOnly) || first == "localhost" }

  private static func isHostOnly(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    default: false
    }
  }
}
