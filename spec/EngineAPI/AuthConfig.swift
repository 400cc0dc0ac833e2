public import JSON

/// Who a client is at a registry: the body of `POST /auth`, and in base64url the header `X-Registry-Auth`.
public struct AuthConfig: JSONMappable, Equatable, Sendable {
  public var username = ""
  public var password = ""
  /// Name, colon and password in base64.
  public var auth = ""
  /// The registry, `https://index.docker.io/v1/` or `localhost:5000`.
  public var serverAddress = ""
  /// What an earlier login gave instead of a password.
  public var identityToken = ""
  /// A bearer token that is sent to the registry as it is.
  public var registryToken = ""
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("username", &username)
    try json.nonEmpty("password", &password)
    try json.nonEmpty("auth", &auth)
    try json.nonEmpty("serveraddress", &serverAddress)
    try json.nonEmpty("identitytoken", &identityToken)
    try json.nonEmpty("registrytoken", &registryToken)
    json.unknown(&unknown)
  }
}
