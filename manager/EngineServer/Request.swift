package import JSON
internal import NIOCore
package import NIOHTTP1

/// A request that was routed: everything a handler may ask for.
package struct Request: Sendable {
  package var method: HTTPMethod
  /// The path without the version prefix, percent-decoded.
  package var path: String
  /// What the client asked for in the path, or ``APIVersion/current``.
  package var version: APIVersion
  /// What stands in the place of the `{names}` of the route's pattern.
  package var parameters: [String: String]
  package var query: Query
  package var headers: HTTPHeaders
  package var body: RequestBody

  package init(
    method: HTTPMethod = .GET, path: String = "/", version: APIVersion = .current, parameters: [String: String] = [:],
    query: Query = Query(), headers: HTTPHeaders = [:], body: RequestBody = RequestBody()
  ) {
    self.method = method
    self.path = path
    self.version = version
    self.parameters = parameters
    self.query = query
    self.headers = headers
    self.body = body
  }
}

extension Request {
  /// The most bytes of JSON that a request may carry.
  static let jsonLimit = 4 << 20

  /// The part of the path that the route's pattern calls `name`.
  /// - Throws: ``APIError`` 500 if the pattern has no such name, which is a mistake in the route table.
  package func parameter(_ name: String) throws(APIError) -> String {
    guard let value = parameters[name] else { throw .internalError("the route has no parameter \(name)") }
    return value
  }

  /// Whether the client asked to turn the connection into a raw stream with an HTTP/1.1 upgrade.
  package var asksForUpgrade: Bool { headers.contains(name: "Upgrade") }

  /// The JSON body.
  /// - Throws: ``APIError`` 400 in Docker's words if it is not announced as JSON, empty, too long or malformed.
  package func decode<Value: JSONConvertible>(_ type: Value.Type = Value.self) async throws -> Value {
    try checkContentType()
    guard let value: Value = try await decodeIfPresent() else {
      throw APIError.invalidParameter("invalid JSON: got EOF while reading request body")
    }
    return value
  }

  /// The JSON body, `nil` if the body is empty.
  package func decodeIfPresent<Value: JSONConvertible>(_ type: Value.Type = Value.self) async throws -> Value? {
    let bytes = try await body.collect(limit: Self.jsonLimit)
    guard bytes.readableBytes > 0 else { return nil }
    return try Value(jsonText: Array(bytes.readableBytesView))
  }

  private func checkContentType() throws(APIError) {
    guard let contentType = headers.first(name: "Content-Type") else { return }
    let mediaType = contentType.prefix { $0 != ";" }.lowercased()
    guard mediaType == "application/json" else {
      throw .invalidParameter("unsupported Content-Type header (\(contentType)): must be 'application/json'")
    }
  }
}
