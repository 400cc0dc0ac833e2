public import NIOPosix
public import OCIImageSpec

/// Talks to registries (OCI distribution-spec 1.1, and the Docker registry API V2 that it came from).
public final class RegistryClient: Sendable {
  /// Attempts at places that have copies: there is another one to ask.
  private static let attemptsAtCopies = 2

  private let clients: HTTPClients
  private let places: RegistryPlaces
  private let pool: NIOThreadPool
  private let patience: Duration
  let retries: RetryPolicy

  /// - Parameters:
  ///   - pool: for what blocks.
  ///   - patience: how long a registry may be silent.
  public init(
    places: RegistryPlaces = RegistryPlaces(), proxies: ProxySettings = ProxySettings(),
    pool: NIOThreadPool = .singleton, patience: Duration = .seconds(60), retries: RetryPolicy = RetryPolicy()
  ) {
    self.places = places
    self.pool = pool
    self.patience = patience
    self.retries = retries
    clients = HTTPClients(proxies: proxies, patience: patience)
  }

  /// Finds out how the registry of `name` itself is spoken to.
  /// - Parameter sources: other repositories at the registry that blobs are to come from.
  /// - Throws: ``RegistryError``, or `CancellationError`.
  public func repository(
    _ name: Reference, as credentials: Credentials, for access: Repository.Access, mounting sources: [String] = []
  ) async throws -> Repository {
    let endpoint = try await pool.runIfActive { [places] in try places.itself(name.domain) }
    guard access == .pull || endpoint.capabilities.contains(.push) else {
      throw RegistryError(.denied, "\(name.domain): its hosts.toml does not let anything be pushed there")
    }
    let repository = Repository(
      name, credentials: endpoint.isItself ? credentials : Credentials(), access: access, sources: sources,
      wire: wire(to: endpoint), retries: retries)
    try await repository.connect()
    return repository
  }

  /// Where the repository of `name` can be read. Nobody is asked yet.
  public func source(_ name: Reference, as credentials: Credentials) async throws -> RegistrySource {
    let endpoints = try await pool.runIfActive { [places] in try places.readable(name.domain) }
    return RegistrySource(
      endpoints.enumerated().map { index, endpoint in
        var retries = retries
        if index < endpoints.count - 1 { retries.attempts = min(retries.attempts, Self.attemptsAtCopies) }
        return Repository(
          name, credentials: endpoint.isItself ? credentials : Credentials(), access: .pull, wire: wire(to: endpoint),
          retries: retries)
      })
  }

  /// A wire to a registry itself.
  func wire(to domain: String) async throws -> Wire {
    wire(to: try await pool.runIfActive { [places] in try places.itself(domain) })
  }

  /// A wire to who is no registry: certificates count, and nobody is told anything.
  func wireToAnybody() async throws -> Wire {
    wire(
      to: try await pool.runIfActive { try RegistryEndpoint(copyOf: "", HostsFile.Host(), isInsecure: false) })
  }

  private func wire(to endpoint: RegistryEndpoint) -> Wire {
    Wire(clients: clients, patience: patience, endpoint: endpoint)
  }
}
