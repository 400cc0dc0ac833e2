public import JSON

/// The answer to `GET /distribution/{name}/json`.
public struct DistributionInspect: JSONMappable, Equatable, Sendable {
  /// What the name stands for at the registry.
  public var descriptor = ImageDescriptor()
  /// The machines that there are images for.
  public var platforms: [ImagePlatform] = []
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Descriptor", &descriptor)
    try json.field("Platforms", &platforms)
    json.unknown(&unknown)
  }
}

/// The answer to `POST /auth`.
public struct AuthResponse: JSONMappable, Equatable, Sendable {
  /// What to use instead of the password from now on; empty if nothing.
  public var identityToken = ""
  public var status = ""
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("IdentityToken", &identityToken)
    try json.field("Status", &status)
    json.unknown(&unknown)
  }
}
