internal import NIOHTTP1
public import OCIImageSpec

/// One repository at its registry, for somebody: what was agreed with the registry is kept for the next request.
public actor Repository {
  /// What is to be done with it: the actions of a token's scope.
  public enum Access: String, Sendable {
    case pull
    case push = "pull,push"
  }

  public nonisolated let name: Reference
  let credentials: Credentials
  let access: Access
  /// Further scopes that a token is to be for.
  private let scopes: [String]
  nonisolated let wire: Wire
  nonisolated let retries: RetryPolicy

  nonisolated var endpoint: RegistryEndpoint { wire.endpoint }

  private var origin: WebAddress.Origin?
  private var challenges: [Challenge] = []
  private var authorization: String?

  /// - Parameter sources: other repositories at the registry that blobs are to come from.
  init(
    _ name: Reference, credentials: Credentials, access: Access, sources: [String] = [], wire: Wire,
    retries: RetryPolicy
  ) {
    self.name = name
    scopes = ["repository:\(name.path):\(access.rawValue)"] + sources.map { "repository:\($0):pull" }
    self.credentials = credentials
    self.access = access
    self.wire = wire
    self.retries = retries
  }

  // MARK: - Connecting

  /// Asks the registry whether it is one, once: over TLS, and without where that may be.
  func connect() async throws {
    guard origin == nil else { return }
    var failure: any Error = RegistryError(.invalid, "\"\(name.domain)\" is no registry's host")
    for origin in endpoint.origins {
      let request = Wire.Request(address: WebAddress(origin: origin, target: "\(endpoint.root)/"))
      do {
        let answer = try await wire.send(request)
        self.origin = origin
        if answer.address.origin == origin { challenges = Self.challenges(answer) }
        return
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        try Task.checkCancellation()
        let reason = ConnectionFailure.text(error, connectingTo: origin)
        failure = PassingFailure(error, request: request.title, reason: reason)?.error ?? error
      }
    }
    throw failure
  }

  /// Who to ask for a login, if the registry has its tokens from somebody.
  func loginIssuer() throws -> TokenIssuer? {
    guard let origin, let challenge = challenges.first(where: { $0.scheme == "bearer" }) else { return nil }
    return try TokenIssuer(challenge, of: origin, wire: wire)
  }

  /// The address that says whether this is a registry.
  func root() throws -> WebAddress {
    guard let origin else { throw RegistryError(.invalid, "\(name.domain): not connected") }
    return WebAddress(origin: origin, target: "\(endpoint.root)/")
  }

  private static func challenges(_ answer: Wire.Answer) -> [Challenge] {
    guard answer.status == .unauthorized else { return [] }
    return answer.headers["WWW-Authenticate"].flatMap { Challenge.all(in: $0) }
  }

  // MARK: - Requests

  /// An address below that of the repository.
  func address(_ path: String) throws -> WebAddress {
    guard let origin else { throw RegistryError(.invalid, "\(name.domain): not connected") }
    let address = WebAddress(origin: origin, target: "\(endpoint.root)/\(name.path)/\(path)")
    return endpoint.namespace.map { address.with("ns", $0) } ?? address
  }

  /// Sends a request, with a proof of who asks where the registry wants one. Another proof is tried once.
  func send(_ request: Wire.Request) async throws -> Wire.Answer {
    var request = request
    let isOwn = request.address.origin == origin
    if isOwn { request.authorization = try await currentAuthorization() }
    let answer = try await wire.send(request)
    guard answer.status == .unauthorized, isOwn, answer.address.origin == origin else { return answer }
    let renewed = try await renewedAuthorization(Self.challenges(answer), instead: request.authorization)
    guard let renewed, renewed != request.authorization else { return answer }
    request.authorization = renewed
    return try await wire.send(request)
  }

  private func currentAuthorization() async throws -> String? {
    if authorization == nil, !challenges.isEmpty { authorization = try await authorization(for: challenges) }
    return authorization
  }

  private func renewedAuthorization(_ challenges: [Challenge], instead old: String?) async throws -> String? {
    // Somebody else's request may have brought a new one meanwhile.
    if let authorization, authorization != old { return authorization }
    if !challenges.isEmpty { self.challenges = challenges }
    authorization = try await authorization(for: self.challenges)
    return authorization
  }

  /// - Returns: nil if there is no way that both sides know.
  private func authorization(for challenges: [Challenge]) async throws -> String? {
    if !credentials.registryToken.isEmpty { return "Bearer \(credentials.registryToken)" }
    if let challenge = challenges.first(where: { $0.scheme == "bearer" }), let origin {
      let issuer = try TokenIssuer(challenge, of: origin, wire: wire)
      return "Bearer \(try await issuer.token(for: scopes, credentials))"
    }
    guard challenges.contains(where: { $0.scheme == "basic" }) else { return nil }
    guard let basic = credentials.basic else {
      throw RegistryError(.unauthorized, "no basic auth credentials")
    }
    return basic
  }

  // MARK: - Trying again

  /// Repeats `body` as long as it fails for reasons that pass.
  func retrying<Result: Sendable>(
    _ title: String, _ body: () async throws -> Result
  ) async throws -> Result {
    var attempt = 1
    while true {
      do { return try await body() } catch {
        try Task.checkCancellation()
        guard let failure = PassingFailure(error, request: title) else { throw error }
        guard let pause = retries.pause(after: attempt, wish: failure.pause) else { throw failure.error }
        try await Task.sleep(for: pause)
        attempt += 1
      }
    }
  }

  /// The answer to a request that reads, if its status is among `accepted`.
  /// - Throws: ``RegistryError``, or ``PassingFailure`` for an answer that may change by itself.
  func read(_ request: Wire.Request, accepting accepted: Set<UInt>) async throws -> Wire.Answer {
    let answer = try await send(request)
    if accepted.contains(answer.status.code) { return answer }
    let error = await answer.error(request, patience: wire.patience)
    guard PassingFailure.passes(answer.status) else { throw error }
    throw PassingFailure(error: error, pause: PassingFailure.pause(answer.headers))
  }
}
