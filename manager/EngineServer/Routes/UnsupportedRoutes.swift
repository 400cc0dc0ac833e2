extension Route {
  /// The routes of Docker's API that have no handler yet: they answer 501 and say so. To be put last in the table, so that
  /// a handler for one of them goes before it.
  package static var unsupported: [Route] { unsupportedContainers + unsupportedImages + unsupportedOthers }

  private static var unsupportedContainers: [Route] {
    [
      .unsupported(.HEAD, "/containers/{id}/archive"), .unsupported(.GET, "/containers/{id}/archive"),
      .unsupported(.PUT, "/containers/{id}/archive"), .unsupported(.GET, "/containers/{id}/attach/ws"),
      .unsupported(.GET, "/containers/{id}/changes"), .unsupported(.GET, "/containers/{id}/export"),
      .unsupported(.GET, "/containers/{id}/stats"), .unsupported(.GET, "/containers/{id}/top"),
      .unsupported(.POST, "/containers/{id}/pause"), .unsupported(.POST, "/containers/{id}/rename"),
      .unsupported(.POST, "/containers/{id}/restart"), .unsupported(.POST, "/containers/{id}/unpause"),
      .unsupported(.POST, "/containers/{id}/update"), .unsupported(.POST, "/containers/prune"),
      .unsupported(.POST, "/commit"),
    ]
  }

  private static var unsupportedImages: [Route] {
    [
      .unsupported(.POST, "/images/create"), .unsupported(.POST, "/images/prune"),
      .unsupported(.GET, "/images/search"), .unsupported(.GET, "/images/get"),
      .unsupported(.GET, "/images/{name...}/get"),
      .unsupported(.POST, "/images/{name...}/push"), .unsupported(.GET, "/distribution/{name...}/json"),
      .unsupported(.POST, "/build"), .unsupported(.POST, "/build/prune"), .unsupported(.POST, "/build/cancel"),
      .unsupported(.POST, "/session"), .unsupported(.POST, "/grpc"),
    ]
  }

  private static var unsupportedOthers: [Route] {
    [
      .unsupported(.POST, "/auth"), .unsupported(.GET, "/events"), .unsupported(.GET, "/system/df"),
      .unsupported(.GET, "/networks"), .unsupported(.POST, "/networks/create"),
      .unsupported(.POST, "/networks/prune"), .unsupported(.GET, "/networks/{id}"),
      .unsupported(.DELETE, "/networks/{id}"), .unsupported(.POST, "/networks/{id}/connect"),
      .unsupported(.POST, "/networks/{id}/disconnect"), .unsupported(.GET, "/volumes"),
      .unsupported(.POST, "/volumes/create"), .unsupported(.POST, "/volumes/prune"),
      .unsupported(.GET, "/volumes/{name}"), .unsupported(.PUT, "/volumes/{name}"),
      .unsupported(.DELETE, "/volumes/{name}"), .unsupported(.GET, "/plugins"),
      .unsupported(.GET, "/plugins/{name...}"), .unsupported(.POST, "/plugins/{name...}"),
      .unsupported(.GET, "/swarm"), .unsupported(.POST, "/swarm/{name}"), .unsupported(.GET, "/nodes"),
      .unsupported(.GET, "/services"), .unsupported(.GET, "/tasks"), .unsupported(.GET, "/secrets"),
      .unsupported(.GET, "/configs"),
    ]
  }
}
