package import NIOHTTP1

/// What answers a request. Thrown errors become answers through ``ErrorTable``. The task is cancelled when the client
/// disconnects: what must not stop half-way belongs to its domain, not to this task.
package typealias Handler = @Sendable (Request) async throws -> Response

/// One line of the route table.
package struct Route: Sendable {
  let method: HTTPMethod
  let pattern: PathPattern
  let handler: Handler

  /// - Parameter pattern: `/containers/{id}/json`; a name that ends in `...` stands for one or more path segments, as
  ///   image names need: `/images/{name...}/json`.
  package init(_ method: HTTPMethod, _ pattern: String, _ handler: @escaping Handler) {
    self.method = method
    self.pattern = PathPattern(pattern)
    self.handler = handler
  }

  /// A route of Docker's API that this server does not have yet: 501.
  package static func unsupported(_ method: HTTPMethod, _ pattern: String) -> Route {
    Route(method, pattern) { request in
      throw APIError.notImplemented("\(request.method) \(request.path) is not supported yet")
    }
  }
}
