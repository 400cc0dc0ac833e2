internal import EngineAPI

extension Route {
  /// `/volumes`, and what there is of a build's cache: none can be made yet, so none is there.
  package static var volumes: [Route] {
    [
      Route(.GET, "/volumes") { request in
        try request.query.filters().check(known: ["dangling", "driver", "label", "name"])
        return .json(VolumeListResponse())
      },
      Route(.GET, "/volumes/{name}") { request in throw missing(try request.parameter("name")) },
      Route(.DELETE, "/volumes/{name}") { request in throw missing(try request.parameter("name")) },
      Route(.POST, "/volumes/prune") { request in
        try request.query.filters().check(known: ["all", "label", "label!"])
        return .json(VolumesPruneResponse())
      },
      Route(.POST, "/build/prune") { _ in .json(BuildPruneResponse()) },
    ]
  }

  private static func missing(_ name: String) -> APIError { .notFound("get \(name): no such volume") }
}
