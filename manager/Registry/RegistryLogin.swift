internal import NIOHTTP1
internal import OCIImageSpec

extension RegistryClient {
  /// Finds out whether a registry knows somebody.
  /// - Parameter server: as image names have it, or a web address of which the host counts.
  /// - Returns: what to use instead of the password from now on; empty if nothing.
  /// - Throws: ``RegistryError``; of kind `unauthorized` if it does not.
  public func login(_ server: String, as credentials: Credentials) async throws -> String {
    let host = WebAddress(server)?.origin.authority ?? String(server.prefix { $0 != "/" })
    // Any repository does: none is asked for.
    guard let name = try? Reference("\(host.isEmpty || host == "index.docker.io" ? "docker.io" : host)/login") else {
      throw RegistryError(.invalid, "\"\(server.prefix(160))\" is no registry")
    }
    let repository = try await repository(name, as: credentials, for: .pull)
    return try await repository.login()
  }
}

extension Repository {
  func login() async throws -> String {
    if let issuer = try loginIssuer() { return try await issuer.login(credentials) }
    let request = Wire.Request(address: try root())
    let answer = try await send(request)
    if answer.status == .ok { return "" }
    throw RegistryError(
      answer.status == .unauthorized ? .unauthorized : .invalid,
      "login attempt to \(request.address) failed with status: \(answer.status.code) \(answer.status.reasonPhrase)")
  }
}
