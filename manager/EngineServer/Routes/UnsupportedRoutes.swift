extension Route {
  /// The routes of Docker's API that have no handler yet: they answer 501 and say so. To be put last in the table, so that
  /// a handler for one of them goes before it.
  package static var unsupported: [Route] { unsupportedContainers + unsupportedImages + unsupportedOthers }

  private static var unsupportedContainers: [Route] {
    [
      .unsupported(.POST, "/commit")
    ]
  }

  private static var unsupportedImages: [Route] {
    [
      Route(.POST, "/images/create", cannotPull),
      .unsupported(.GET, "/images/search"), .unsupported(.GET, "/images/get"),
      .unsupported(.GET, "/images/{name...}/get"),
      .unsupported(.POST, "/images/{name...}/push"), .unsupported(.GET, "/distribution/{name...}/json"),
      .unsupported(.POST, "/build"), .unsupported(.POST, "/build/cancel"),
      .unsupported(.POST, "/session"), .unsupported(.POST, "/grpc"),
    ]
  }

  /// Nobody can pull yet: for a client, the image is just not there.
  private static func cannotPull(_ request: Request) throws -> Response {
    guard let name = request.query["fromImage"], !name.isEmpty else {
      throw APIError.notImplemented("importing images is not supported yet: load them")
    }
    let tag = request.query["tag"].map { $0.isEmpty ? "" : ($0.contains(":") ? "@" : ":") + $0 } ?? ""
    throw APIError.notFound("No such image: \(name)\(tag) (pulling is not supported yet: load it)")
  }

  private static var unsupportedOthers: [Route] {
    [
      .unsupported(.POST, "/auth"), .unsupported(.POST, "/networks/create"),
      .unsupported(.POST, "/networks/{id}/connect"), .unsupported(.POST, "/networks/{id}/disconnect"),
      .unsupported(.PUT, "/volumes/{name}"), .unsupported(.GET, "/plugins"),
      .unsupported(.GET, "/plugins/{name...}"), .unsupported(.POST, "/plugins/{name...}"),
      .unsupported(.GET, "/swarm"), .unsupported(.POST, "/swarm/{name}"), .unsupported(.GET, "/nodes"),
      .unsupported(.GET, "/services"), .unsupported(.GET, "/tasks"), .unsupported(.GET, "/secrets"),
      .unsupported(.GET, "/configs"),
    ]
  }
}
