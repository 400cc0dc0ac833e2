public import JSON
internal import NIOHTTP1

/// A repository that a registry found.
public struct SearchResult: JSONMappable, Equatable, Sendable {
  public var name = ""
  public var description = ""
  public var stars: Int64 = 0
  public var isOfficial = false
  public var isAutomated = false

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("name", &name)
    try json.nonEmpty("description", &description)
    try json.field("star_count", &stars)
    try json.field("is_official", &isOfficial)
    try json.field("is_automated", &isAutomated)
  }
}

private struct SearchAnswer: JSONMappable {
  var results: [SearchResult]?

  mutating func map(_ json: inout JSONMapper) throws(JSONError) { try json.nullable("results", &results) }
}

extension RegistryClient {
  private static let hub = "docker.io"
  /// Who answers for Docker's registry.
  private static let index = "index.docker.io"
  private static let answerLimit = 4 << 20

  /// Asks a registry for repositories, in the one part of Docker's registry API V1 that has stayed.
  /// - Parameters:
  ///   - term: what to look for; a registry's name and a slash may stand before it.
  ///   - limit: how many it is to name at most.
  /// - Throws: ``RegistryError``, or `CancellationError`.
  public func search(_ term: String, limit: Int, as credentials: Credentials) async throws -> [SearchResult] {
    guard !term.contains("://") else {
      throw RegistryError(
        .invalid, "invalid repository name: repository name (\(term.prefix(160))) should not have a scheme")
    }
    let parts = term.split(separator: "/", maxSplits: 1).map(String.init)
    let isHost = parts.count == 2 && (parts[0].contains(".") || parts[0].contains(":") || parts[0] == "localhost")
    let isHub = !isHost || [Self.hub, Self.index].contains(parts[0])
    var wanted = isHost ? parts[1] : term
    if isHub, wanted.hasPrefix("library/") { wanted.removeFirst(8) }
    let wire = try await wire(to: isHub ? Self.hub : parts[0])
    // The index has a name of its own.
    let origins = isHub ? [WebAddress.Origin(isSecure: true, host: Self.index, port: 443)] : wire.endpoint.origins
    var failure: any Error = RegistryError(.invalid, "\"\(parts[0].prefix(160))\" is no registry")
    for origin in origins {
      let address = WebAddress(origin: origin, target: "/v1/search").with("q", wanted).with("n", "\(limit)")
      let request = Wire.Request(address: address, authorization: wire.endpoint.isItself ? credentials.basic : nil)
      do { return try await found(request, by: wire) } catch let error as RegistryError { throw error } catch {
        try Task.checkCancellation()
        failure = PassingFailure(error, request: request.title)?.error ?? error
      }
    }
    throw failure
  }

  private func found(_ request: Wire.Request, by wire: Wire) async throws -> [SearchResult] {
    let answer = try await wire.send(request)
    guard answer.status == .ok else { throw await answer.error(request, patience: wire.patience) }
    let body = try await answer.body(limit: Self.answerLimit, patience: wire.patience)
    do { return try SearchAnswer(jsonText: body).results ?? [] } catch {
      throw RegistryError(.invalid, "\(request.title): \(error)")
    }
  }
}
