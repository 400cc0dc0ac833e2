package import NIOHTTP1

/// Finds the handler for a request and turns whatever it does into an answer.
package struct Router: Sendable {
  /// What every answer carries.
  private let commonHeaders: HTTPHeaders
  /// By the first segment of their path.
  private let routes: [Substring: [Route]]

  /// - Parameter serverName: the `Server` header, `Proa/0.1.0 (linux)`.
  package init(_ routes: [Route], serverName: String) {
    self.routes = Dictionary(grouping: routes) { $0.pattern.firstSegment }
    commonHeaders = [
      "Api-Version": APIVersion.current.description, "Docker-Experimental": "false", "Ostype": "linux",
      "Server": serverName,
    ]
  }

  /// The answer to a request; errors are answers too.
  /// - Parameter target: path and query as the request line has them.
  package func respond(
    to method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: RequestBody = RequestBody()
  ) async -> Response {
    var response: Response
    do {
      let (route, request) = try find(method, target, headers, body)
      response = try await route.handler(request)
    } catch {
      response = .error(ErrorTable.apiError(for: error))
    }
    for (name, value) in commonHeaders where !response.headers.contains(name: name) {
      response.headers.add(name: name, value: value)
    }
    return response
  }

  private func find(
    _ method: HTTPMethod, _ target: String, _ headers: HTTPHeaders, _ body: RequestBody
  ) throws(APIError) -> (Route, Request) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = try PercentEncoding.decode(parts[0])
    var segments = path.split(separator: "/", omittingEmptySubsequences: false)[...]
    guard segments.popFirst() == "" else { throw .invalidParameter("\"\(target)\" is no absolute path") }
    let version = Self.takeVersion(&segments)
    for route in routes[segments.first ?? ""] ?? [] where route.method == method {
      guard let parameters = route.pattern.match(segments) else { continue }
      try version?.check()
      let request = Request(
        method: method, path: "/" + segments.joined(separator: "/"), version: version ?? .current,
        parameters: parameters, query: try Query(parts.count > 1 ? parts[1] : ""), headers: headers, body: body)
      return (route, request)
    }
    throw .notFound("page not found")
  }

  /// Removes a leading `v1.NN`; `nil` if there is none.
  private static func takeVersion(_ segments: inout ArraySlice<Substring>) -> APIVersion? {
    guard let first = segments.first, first.first == "v", let version = APIVersion(String(first.dropFirst())) else {
      return nil
    }
    segments.removeFirst()
    return version
  }
}
