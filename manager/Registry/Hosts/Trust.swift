internal import NIOSSL

/// Whom to believe, and who to be, on connections to a registry.
struct Trust: Sendable {
  /// What goes for the registry itself, and what for whoever it redirects to; nil: what goes for all the world.
  private(set) var own: TLSConfiguration?
  private(set) var others: TLSConfiguration?

  /// Any certificate will do.
  static let anybody: Trust = {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.certificateVerification = .none
    var trust = Trust()
    (trust.own, trust.others) = (configuration, configuration)
    return trust
  }()

  init() {}

  /// Blocks.
  /// - Throws: ``RegistryError`` that names the file that cannot be used.
  init(_ host: HostsFile.Host, isInsecure: Bool) throws {
    let isAnybody = isInsecure || host.skipsVerification
    guard isAnybody || !host.authorities.isEmpty || host.client != nil else { return }
    var configuration = TLSConfiguration.makeClientConfiguration()
    if isAnybody { configuration.certificateVerification = .none }
    let authorities = try host.authorities.flatMap { path in
      try Self.read(path) { try NIOSSLCertificate.fromPEMFile(path) }
    }
    if !authorities.isEmpty { configuration.additionalTrustRoots = [.certificates(authorities)] }
    others = configuration
    if let client = host.client {
      configuration.certificateChain = try Self.read(client.certificate) {
        try NIOSSLCertificate.fromPEMFile(client.certificate).map { .certificate($0) }
      }
      let key = try Self.read(client.key) { try NIOSSLPrivateKey(file: client.key, format: .pem) }
      configuration.privateKey = .privateKey(key)
    }
    own = configuration
  }

  private static func read<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw RegistryError(.invalid, "\(path) cannot be used: \(error)") }
  }
}
