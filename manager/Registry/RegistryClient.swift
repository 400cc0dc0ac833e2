internal import AsyncHTTPClient
internal import NIOCore
internal import NIOPosix
public import OCIImageSpec

/// Talks to registries (OCI distribution-spec 1.1, and the Docker registry API V2 that it came from).
public final class RegistryClient: Sendable {
  private let http: HTTPClient
  private let insecure: InsecureRegistries
  private let patience: Duration
  let retries: RetryPolicy

  /// - Parameter patience: how long a registry may be silent.
  public init(
    insecure: InsecureRegistries = InsecureRegistries(), patience: Duration = .seconds(60),
    retries: RetryPolicy = RetryPolicy()
  ) {
    self.insecure = insecure
    self.patience = patience
    self.retries = retries
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.httpVersion = .http1Only
    let silence = TimeAmount.nanoseconds(patience.nanoseconds)
    configuration.timeout = HTTPClient.Configuration.Timeout(
      connect: min(.seconds(30), silence), read: silence, write: silence)
    // Whether to try again is decided by what failed.
    configuration.connectionPool.retryConnectionEstablishment = false
    http = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
  }

  deinit {
    // Ends by itself: nobody has a request under way any more.
    _ = http.shutdown()
  }

  /// Finds out how the registry of `name` is spoken to.
  /// - Parameter sources: other repositories at the registry that blobs are to come from.
  /// - Throws: ``RegistryError``, or `CancellationError`.
  public func repository(
    _ name: Reference, as credentials: Credentials, for access: Repository.Access, mounting sources: [String] = []
  ) async throws -> Repository {
    let repository = Repository(
      name, credentials: credentials, access: access, sources: sources, wire: wire(to: name.domain), retries: retries)
    try await repository.connect()
    return repository
  }

  func wire(to domain: String) -> Wire {
    Wire(http: http, patience: patience, isInsecure: insecure.contains(domain))
  }
}
