package import Containers

extension Route {
  /// Everything below `/containers` and `/exec` that there is.
  package static func containers(_ service: ContainerService) -> [Route] {
    let containers = ContainerHandlers(service: service)
    let streams = StreamHandlers(service: service)
    let execs = ExecHandlers(service: service)
    let files = FileHandlers(service: service)
    return [
      Route(.POST, "/containers/create", containers.create),
      Route(.GET, "/containers/json", containers.list),
      Route(.GET, "/containers/{id...}/json", containers.inspect),
      Route(.POST, "/containers/{id}/start", containers.start),
      Route(.POST, "/containers/{id}/stop", containers.stop),
      Route(.POST, "/containers/{id}/restart", containers.restart),
      Route(.POST, "/containers/{id}/kill", containers.kill),
      Route(.GET, "/containers/{id}/top", containers.top),
      Route(.POST, "/containers/{id}/pause", containers.pause),
      Route(.POST, "/containers/{id}/unpause", containers.unpause),
      Route(.POST, "/containers/{id}/update", containers.update),
      Route(.POST, "/containers/{id}/rename", containers.rename),
      Route(.POST, "/containers/{id}/resize", containers.resize),
      Route(.POST, "/containers/{id}/wait", containers.wait),
      Route(.DELETE, "/containers/{id...}", containers.remove),
      Route(.GET, "/containers/{id}/logs", streams.logs),
      Route(.POST, "/containers/{id}/attach", streams.attach),
      Route(.GET, "/containers/{id}/attach/ws", WebSocketHandlers(service: streams.service).attach),
      Route(.HEAD, "/containers/{id}/archive", files.status),
      Route(.GET, "/containers/{id}/archive", files.archive),
      Route(.PUT, "/containers/{id}/archive", files.extract),
      Route(.GET, "/containers/{id}/export", files.export),
      Route(.GET, "/containers/{id}/stats", StatsHandlers(service: service).stats),
      Route(.GET, "/containers/{id}/changes", files.changes),
      Route(.POST, "/containers/{id}/exec", execs.create),
      Route(.POST, "/exec/{id}/start", execs.start),
      Route(.POST, "/exec/{id}/resize", execs.resize),
      Route(.GET, "/exec/{id}/json", execs.inspect),
    ]
  }
}
