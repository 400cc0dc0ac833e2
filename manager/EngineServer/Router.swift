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
    do {
      let target = try RoutedTarget(target)
      if let clean = target.cleaned { return Response(.movedPermanently, headers: ["Location": clean]) }
      guard method != .OPTIONS else { return withCommonHeaders(.empty(.ok)) }
      guard let (route, parameters) = find(method, target.segments) else {
        return .error(.notFound("page not found"))
      }
      return await answer(
        target, by: route,
        Request(
          method: method, path: target.path, parameters: parameters, headers: headers, body: body))
    } catch {
      return withCommonHeaders(.error(error))
    }
  }

  private func answer(_ target: RoutedTarget, by route: Route, _ request: Request) async -> Response {
    var request = request
    do throws(APIError) {
      if let version = target.version { request.version = try .checked(version) }
    } catch {
      return withCommonHeaders(target.speaksPlainText ? .plainText(error) : .error(error))
    }
    do {
      request.query = try Query(target.query)
      return withCommonHeaders(try await route.handler(request))
    } catch {
      return withCommonHeaders(.error(ErrorTable.apiError(for: error)))
    }
  }

  private func withCommonHeaders(_ response: Response) -> Response {
    var response = response
    for (name, value) in commonHeaders where !response.headers.contains(name: name) {
      response.headers.add(name: name, value: value)
    }
    return response
  }

  private func find(_ method: HTTPMethod, _ segments: ArraySlice<Substring>) -> (Route, [String: String])? {
    for route in routes[segments.first ?? ""] ?? [] where route.method == method {
      if let parameters = route.pattern.match(segments) { return (route, parameters) }
    }
    return nil
  }
}
