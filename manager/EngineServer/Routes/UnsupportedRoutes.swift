extension Route {
  /// The routes of Docker's API that have no handler yet: they answer 501 and say so. To be put last in the table, so that
  /// a handler for one of them goes before it.
  package static var unsupported: [Route] { unsupportedImages + unsupportedOthers }

  private static var unsupportedImages: [Route] {
    [
      .unsupported(.POST, "/build"), .unsupported(.POST, "/build/cancel"),
      .unsupported(.POST, "/session"), .unsupported(.POST, "/grpc"),
    ]
  }

  private static var unsupportedOthers: [Route] {
    [
      .unsupported(.PUT, "/volumes/{name}"), .unsupported(.GET, "/plugins"),
      .unsupported(.GET, "/plugins/{name...}"), .unsupported(.POST, "/plugins/{name...}"),
      .unsupported(.GET, "/swarm"), .unsupported(.POST, "/swarm/{name}"), .unsupported(.GET, "/nodes"),
      .unsupported(.GET, "/services"), .unsupported(.GET, "/tasks"), .unsupported(.GET, "/secrets"),
      .unsupported(.GET, "/configs"),
    ]
  }
}
