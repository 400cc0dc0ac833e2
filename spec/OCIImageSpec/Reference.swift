/// The name of an image in Docker's grammar: `[domain/]path[:tag][@digest]`, kept in its full form.
///
/// `busybox` means `docker.io/library/busybox:latest`; a name with a digest and without a tag has no tag.
public struct Reference: Hashable, Sendable {
  /// The registry's host, `docker.io` or `localhost:5000`; in brackets if it is an IPv6 address.
  public let domain: String
  /// The repository at the registry, `library/busybox`.
  public let path: String
  /// `nil` only if there is a digest.
  public let tag: String?
  public let digest: Digest?

  static let defaultDomain = "docker.io"
  static let officialPrefix = "library/"
  static let defaultTag = "latest"

  init(domain: String, path: String, tag: String?, digest: Digest?) {
    self.domain = domain
    self.path = path
    self.tag = tag
    self.digest = digest
  }
}

extension Reference {
  /// Registry and repository, without tag and digest: `docker.io/library/busybox`.
  public var repository: String { "\(domain)/\(path)" }

  /// The repository as Docker shows it: `busybox`, `someone/thing`, `localhost:5000/thing`. It stays whole where the short
  /// form would mean another registry, as `a.b/thing` at `docker.io`.
  public var familiarRepository: String {
    guard domain == Self.defaultDomain else { return repository }
    if let slash = path.firstIndex(of: "/"), Self.namesHost(path[..<slash]) { return repository }
    let short = path.dropFirst(Self.officialPrefix.count)
    return path.hasPrefix(Self.officialPrefix) && !short.contains("/") ? String(short) : path
  }

  /// The name as Docker shows it: `busybox:latest`, `busybox@sha256:…`.
  public var familiar: String { familiarRepository + suffix }

  /// The full name: `docker.io/library/busybox:latest`.
  public var canonical: String { repository + suffix }

  /// The same repository under another tag, without a digest.
  public func tagged(_ tag: String) throws(ReferenceError) -> Reference {
    guard ReferenceGrammar.isTag(tag[...]) else { throw ReferenceError(.tag, tag) }
    return Reference(domain: domain, path: path, tag: tag, digest: nil)
  }

  /// The same repository by `digest`, without a tag.
  public func digested(_ digest: Digest) -> Reference {
    Reference(domain: domain, path: path, tag: nil, digest: digest)
  }

  private var suffix: String { (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "") }
}

extension Reference: CustomStringConvertible {
  public var description: String { canonical }
}
