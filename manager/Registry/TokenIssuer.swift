internal import AsyncHTTPClient
internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// Where a registry sends people for tokens (distribution-spec's token authentication, and OAuth 2.0 where there is an
/// identity token).
struct TokenIssuer {
  private static let answerLimit = 1 << 20
  private static let clientID = "proa"

  private struct Answer: JSONMappable {
    var token = ""
    var accessToken = ""
    var refreshToken = ""

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nonEmpty("token", &token)
      try json.nonEmpty("access_token", &accessToken)
      try json.nonEmpty("refresh_token", &refreshToken)
    }
  }

  private let realm: WebAddress
  private let service: String
  private let wire: Wire

  /// - Throws: ``RegistryError`` if what the registry names cannot be asked, or would make a password readable on the way.
  init(_ challenge: Challenge, of registry: WebAddress.Origin, wire: Wire) throws {
    let named = challenge.parameters["realm"] ?? ""
    guard let realm = WebAddress(named) else {
      throw RegistryError(.invalid, "\(registry) asks for a token of \"\(named.prefix(160))\", which is no web address")
    }
    guard realm.origin.isSecure || !registry.isSecure else {
      throw RegistryError(.invalid, "\(registry) asks for a token of \(realm.origin), which is not secure")
    }
    self.realm = realm
    self.wire = wire
    service = challenge.parameters["service"] ?? ""
  }

  /// - Parameter scopes: such as `repository:library/busybox:pull`.
  func token(for scopes: [String], _ credentials: Credentials) async throws -> String {
    let said = try await answer(to: request(scopes, credentials))
    let token = said.token.isEmpty ? said.accessToken : said.token
    guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw RegistryError(.invalid, "\(realm.origin): the answer holds no token")
    }
    return token
  }

  /// - Returns: what to use instead of the password from now on; empty if nothing.
  func login(_ credentials: Credentials) async throws -> String {
    var request = request([], credentials)
    if request.method == .GET { request.address = request.address.with("offline_token", "true") }
    do { return try await answer(to: request).refreshToken } catch let failure as PassingFailure { throw failure.error }
  }

  private func answer(to request: Wire.Request) async throws -> Answer {
    let answer: Wire.Answer
    do { answer = try await wire.send(request) } catch {
      throw PassingFailure(error, request: request.title) ?? error
    }
    guard answer.status == .ok else {
      let error = await answer.error(request, patience: wire.patience)
      guard PassingFailure.passes(answer.status) else { throw refusal(error, answer.status) }
      throw PassingFailure(error: error, pause: PassingFailure.pause(answer.headers))
    }
    let body = try await answer.body(limit: Self.answerLimit, patience: wire.patience)
    do { return try Answer(jsonText: body) } catch {
      throw RegistryError(.invalid, "\(realm.origin): the answer holds no token: \(error)")
    }
  }

  private func refusal(_ error: RegistryError, _ status: HTTPResponseStatus) -> RegistryError {
    status == .unauthorized ? RegistryError(.unauthorized, code: error.code, error.message) : error
  }

  private func request(_ scopes: [String], _ credentials: Credentials) -> Wire.Request {
    guard credentials.identityToken.isEmpty else { return refresh(scopes, credentials.identityToken) }
    var address = realm
    if !credentials.username.isEmpty { address = address.with("account", credentials.username) }
    for scope in scopes { address = address.with("scope", scope) }
    if !service.isEmpty { address = address.with("service", service) }
    return Wire.Request(address: address, authorization: credentials.basic)
  }

  /// RFC 6749 §6. The body is not sent again where a redirect leads.
  private func refresh(_ scopes: [String], _ identityToken: String) -> Wire.Request {
    let fields = [
      ("grant_type", "refresh_token"), ("client_id", Self.clientID), ("service", service),
      ("scope", scopes.joined(separator: " ")),
      ("refresh_token", identityToken),
    ]
    let form = fields.filter { !$0.1.isEmpty }.map { "\($0.0)=\(WebAddress.escaped($0.1))" }.joined(separator: "&")
    return Wire.Request(
      method: .POST, address: realm, headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: .bytes(ByteBuffer(string: form)))
  }
}
