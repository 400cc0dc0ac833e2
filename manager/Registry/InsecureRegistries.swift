internal import LinuxKernel

/// The registries that are talked to without knowing who answers: over TLS with any certificate, else without TLS. This
/// machine's own are among them, as with Docker.
public struct InsecureRegistries: Equatable, Sendable {
  private var networks: [IPv4Prefix] = []
  private var hosts: Set<String> = []

  /// Nothing but this machine's.
  public init() {}

  /// - Parameter list: hosts, `host:port`, or networks, `10.0.0.0/8`.
  /// - Throws: ``RegistryError`` that names what is none of these.
  public init(_ list: [String]) throws(RegistryError) {
    for text in list {
      if text.contains("/") {
        networks.append(try Self.network(text))
      } else if WebAddress.Origin(isSecure: true, authority: text) != nil {
        hosts.insert(text.lowercased())
      } else {
        throw RegistryError(.invalid, "\"\(text)\" is neither a host, HOST:PORT, nor a network such as 10.0.0.0/8")
      }
    }
  }

  private static func network(_ text: String) throws(RegistryError) -> IPv4Prefix {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPv4Address(String(parts[0])), let length = UInt8(parts[1]),
      let prefix = IPv4Prefix(address, length: length)
    else { throw RegistryError(.invalid, "\"\(text)\" is not a network such as 10.0.0.0/8") }
    return prefix
  }

  /// - Parameter domain: a registry as image names have it, `host` or `host:port`.
  public func contains(_ domain: String) -> Bool {
    let domain = domain.lowercased()
    guard let origin = WebAddress.Origin(isSecure: true, authority: domain) else { return false }
    if hosts.contains(domain) || hosts.contains(origin.host) { return true }
    if origin.host == "localhost" || origin.host == "[::1]" { return true }
    guard let address = IPv4Address(origin.host) else { return false }
    return address.isLoopback
      || networks.contains { $0.first == IPv4Prefix(address, length: $0.length)?.first }
  }
}
