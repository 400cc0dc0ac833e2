/// An image's name as somebody types it, for what the client has to know of it; whether it is one is for the daemon to say.
struct RemoteName: Equatable {
  /// With the tag that is meant when there is none.
  let text: String

  init(_ image: String) {
    let last = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    text = last.contains(":") || last.contains("@") ? image : image + ":latest"
  }

  private var cut: String.Index { text.lastIndex(of: text.contains("@") ? "@" : ":") ?? text.endIndex }

  /// What stands before the tag or the digest.
  var repository: String { String(text[..<cut]) }

  /// The tag or the digest.
  var reference: String { String(text[cut...].dropFirst()) }

  /// The registry: what stands before the first slash, if it can only be a host.
  var registry: String {
    guard let slash = text.firstIndex(of: "/") else { return StoredLogins.hub }
    let first = text[..<slash]
    let isHost = first.contains { $0 == "." || $0 == ":" } || first == "localhost" || first != first.lowercased()
    return isHost && first != "index.docker.io" ? String(first) : StoredLogins.hub
  }

  /// The full name, which tells what was meant.
  var canonical: String { full(text) }

  /// The same without the tag or the digest.
  var canonicalRepository: String { full(repository) }

  private func full(_ text: String) -> String {
    guard registry == StoredLogins.hub, !text.hasPrefix("docker.io/") else { return text }
    let path = text.hasPrefix("index.docker.io/") ? String(text.dropFirst("index.docker.io/".count)) : text
    return "docker.io/" + (path.contains("/") ? path : "library/\(path)")
  }
}
