internal import NIOCore

extension Route {
  /// `/_ping`, `/version`, `/info`.
  package static func system(_ backend: some SystemBackend) -> [Route] {
    [
      Route(.GET, "/_ping") { _ in ping("OK") },
      Route(.HEAD, "/_ping") { _ in ping("") },
      Route(.GET, "/version") { _ in .json(SystemTranslation.version(backend.build)) },
      Route(.GET, "/info") { _ in .json(SystemTranslation.info(try await backend.facts(), backend.build)) },
    ]
  }

  private static func ping(_ body: String) -> Response {
    var response = Response.bytes(ByteBuffer(string: body), contentType: "text/plain; charset=utf-8")
    response.headers.add(name: "Cache-Control", value: "no-cache, no-store, must-revalidate")
    response.headers.add(name: "Pragma", value: "no-cache")
    response.headers.add(name: "Swarm", value: "inactive")
    return response
  }
}
