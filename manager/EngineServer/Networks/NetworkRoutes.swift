package import Containers
internal import EngineAPI
internal import JSON
package import Networks

extension Route {
  /// `/networks`.
  package static func networks(_ networks: NetworkService, _ containers: ContainerService) -> [Route] {
    let handlers = NetworkHandlers(networks: networks, containers: containers)
    return [
      Route(.GET, "/networks", handlers.list),
      Route(.GET, "/networks/{id}", handlers.inspect),
      Route(.POST, "/networks/create", handlers.create),
      Route(.POST, "/networks/prune", handlers.prune),
      Route(.POST, "/networks/{id}/connect", handlers.connect),
      Route(.POST, "/networks/{id}/disconnect", handlers.disconnect),
      Route(.DELETE, "/networks/{id}", handlers.remove),
    ]
  }
}

/// Decode, call, encode: networks.
struct NetworkHandlers: Sendable {
  let networks: NetworkService
  let containers: ContainerService

  @Sendable func list(_ request: Request) async throws -> Response {
    let filter = try NetworkFilter(request.query)
    var used: Set<String> = []
    for network in await networks.all where await !networks.endpoints(on: network).isEmpty { used.insert(network.id) }
    return .json(
      await networks.all.filter { filter.takes($0, isUsed: used.contains($0.id)) }.map { NetworkInspect($0) })
  }

  @Sendable func inspect(_ request: Request) async throws -> Response {
    let name = try request.parameter("id")
    let network = try await networks.network(name)
    guard ["", "local"].contains(request.query["scope"] ?? "") else { throw NetworkError.notFound(name) }
    var answer = NetworkInspect(network)
    answer.add(containers.running, on: network)
    return .json(answer)
  }

  @Sendable func create(_ request: Request) async throws -> Response {
    let wish: NetworkCreateRequest = try await request.decode()
    var answer = NetworkCreateResponse()
    answer.id = try await networks.create(try NetworkCreation.request(wish)).id
    return .json(answer, status: .created)
  }

  @Sendable func connect(_ request: Request) async throws -> Response {
    let network = try request.parameter("id")
    let wish: NetworkConnectRequest = try await request.decode()
    guard !wish.container.isEmpty else { throw Self.noContainer }
    let endpoint = try CreateTranslation.endpoint(wish.endpoint ?? EndpointSettings())
    try await containers.connect(wish.container, to: network, endpoint)
    return .empty(.ok)
  }

  @Sendable func disconnect(_ request: Request) async throws -> Response {
    let network = try request.parameter("id")
    let wish: NetworkDisconnectRequest = try await request.decode()
    guard !wish.container.isEmpty else { throw Self.noContainer }
    do { try await containers.disconnect(wish.container, from: network) } catch ContainerError.notFound where wish.force
    {
      throw APIError.notFound("endpoint \(wish.container) not found")
    }
    return .empty(.ok)
  }

  private static let noContainer = APIError.invalidParameter("invalid name or ID supplied: \"\"")

  /// The end of a container is told before it has left its networks: who removes one then waits for that.
  @Sendable func remove(_ request: Request) async throws -> Response {
    let name = try request.parameter("id")
    do { try await networks.remove(name) } catch NetworkError.hasEndpoints {
      for endpoint in await networks.endpoints(on: try await networks.network(name)) {
        await containers.settle(endpoint.containerID)
      }
      try await networks.remove(name)
    }
    return .empty()
  }

  @Sendable func prune(_ request: Request) async throws -> Response {
    let filter = try NetworkPrune(try request.query.filters(), now: .now())
    var answer = NetworksPruneResponse()
    let names = try await networks.prune(filter.takes)
    answer.networksDeleted = names.isEmpty ? nil : names
    return .json(answer)
  }
}
