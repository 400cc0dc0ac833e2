internal import LinuxKernel
internal import OCIImageSpec

/// Where images are asked for.
public struct RegistryPlaces: Sendable {
  private static let hub = "docker.io"

  public let insecure: InsecureRegistries
  /// Places that have copies of what Docker's registry has.
  private let mirrors: [WebAddress]
  /// Where what is kept for registries is looked for, each in a folder of its name: the first one counts.
  private let folders: [String]

  public init(insecure: InsecureRegistries = InsecureRegistries()) {
    self.insecure = insecure
    (mirrors, folders) = ([], [])
  }

  /// - Parameter mirrors: web addresses.
  /// - Throws: ``RegistryError`` that names what is none, in Docker's words.
  public init(insecure: InsecureRegistries, mirrors: [String], folders: [String]) throws(RegistryError) {
    self.insecure = insecure
    self.folders = folders
    self.mirrors = try mirrors.map { text throws(RegistryError) in try Self.mirror(text) }
  }

  /// The mirrors, as Docker shows them.
  public var mirrorTexts: [String] { mirrors.map(\.description) }

  private static func mirror(_ text: String) throws(RegistryError) -> WebAddress {
    func invalid(_ reason: String) -> RegistryError { RegistryError(.invalid, "invalid mirror: \(reason)") }
    guard let scheme = text.firstRange(of: "://") else { throw invalid("\"\(text)\" is not a valid URI") }
    guard ["http", "https"].contains(text[..<scheme.lowerBound]) else {
      throw invalid("unsupported scheme \"\(text[..<scheme.lowerBound])\" in \"\(text)\"")
    }
    guard !text[scheme.upperBound...].contains("@") else {
      throw invalid("username/password not allowed in URI")
    }
    guard let address = WebAddress(text) else { throw invalid("\"\(text)\" is not a valid URI") }
    guard address.target == "/", !text.contains("#") else {
      throw invalid("path, query, or fragment at end of the URI \"\(text)\"")
    }
    return address
  }

  /// The places where `domain`'s images may be read, in the order in which they are asked, the registry itself last. Blocks.
  func readable(_ domain: String) throws -> [RegistryEndpoint] {
    let (itself, copies) = try places(of: domain)
    let mirrors = domain == Self.hub ? try self.mirrors.map(mirror) : []
    return (mirrors + copies + [itself]).filter { $0.capabilities.contains(.pull) }
  }

  /// The registry itself. Blocks.
  func itself(_ domain: String) throws -> RegistryEndpoint { try places(of: domain).itself }

  private func places(of domain: String) throws -> (itself: RegistryEndpoint, copies: [RegistryEndpoint]) {
    let file = try CertificateFolder.of(domain, in: folders)?.hosts()
    let itself = try RegistryEndpoint(
      registry: domain, file?.server ?? HostsFile.Host(), isInsecure: insecure.contains(domain))
    let copies = try (file?.hosts ?? []).map { host in
      try RegistryEndpoint(copyOf: domain, host, isInsecure: isInsecure(host))
    }
    return (itself, copies)
  }

  private func mirror(_ address: WebAddress) throws -> RegistryEndpoint {
    let authority = address.origin.authority
    var host = try CertificateFolder.of(authority, in: folders)?.hosts().server ?? HostsFile.Host()
    host.address = address
    return try RegistryEndpoint(copyOf: Self.hub, host, isInsecure: isInsecure(host), isDocker: true)
  }

  private func isInsecure(_ host: HostsFile.Host) -> Bool {
    host.address.map { insecure.contains($0.origin.authority) } ?? false
  }
}
