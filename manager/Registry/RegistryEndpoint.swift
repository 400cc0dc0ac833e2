internal import NIOHTTP1
internal import OCIImageSpec

/// Where the images of a registry are asked for: the registry itself, or somebody who has copies of them.
struct RegistryEndpoint: Sendable {
  /// Docker's registry by its name in images' names, and by its own.
  private static let hub = (domain: "docker.io", host: "registry-1.docker.io")

  /// Ways to reach it, the best first. Empty: its name cannot be understood.
  let origins: [WebAddress.Origin]
  /// What all paths begin with.
  let root: String
  let capabilities: HostsFile.Capabilities
  /// Whether it is the registry that images' names name: nobody else is told who asks.
  let isItself: Bool
  let trust: Trust
  let headers: [HostsFile.Header]
  /// Whether certificates are not looked at, and redirects may lead out of TLS.
  let isInsecure: Bool
  /// What a place with copies of several registries' images has to be told.
  let namespace: String?
}

extension RegistryEndpoint {
  /// The registry `domain`, as its own folder has it. Blocks.
  init(registry domain: String, _ host: HostsFile.Host, isInsecure: Bool) throws {
    let authority = domain == Self.hub.domain ? Self.hub.host : domain
    let address = host.address
    let schemes = isInsecure ? [true, false] : [true]
    origins =
      address.map { [$0.origin] }
      ?? schemes.compactMap { WebAddress.Origin(isSecure: $0, authority: authority) }
    isItself = address.map { $0.origin.authority == authority.lowercased() } ?? true
    root = Self.root(host)
    capabilities = host.capabilities
    trust = try Trust(host, isInsecure: isInsecure)
    headers = host.headers
    self.isInsecure = isInsecure || host.skipsVerification
    namespace = isItself ? nil : domain
  }

  /// A place with copies of what `domain` has. Blocks.
  init(copyOf domain: String, _ host: HostsFile.Host, isInsecure: Bool, isDocker: Bool = false) throws {
    origins = host.address.map { [$0.origin] } ?? []
    root = Self.root(host)
    capabilities = host.capabilities
    isItself = false
    trust = try Trust(host, isInsecure: isInsecure)
    headers = host.headers
    self.isInsecure = isInsecure || host.skipsVerification
    namespace = isDocker ? nil : domain
  }

  private static func root(_ host: HostsFile.Host) -> String {
    let path = host.address.map { String($0.target.reversed().drop { $0 == "/" }.reversed()) } ?? ""
    return host.overridesPath || path.hasSuffix("/v2") ? path : "\(path)/v2"
  }
}
