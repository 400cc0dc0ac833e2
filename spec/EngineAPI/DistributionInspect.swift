public import JSON

/// The answer to `GET /distribution/{name}/json`.
public struct DistributionInspect: JSONMappable, Equatable, Sendable {
  public var descriptor = Descriptor()
  public var platforms: [Platform] = []
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Descriptor", &descriptor)
    try json.field("Platforms", &platforms)
    json.unknown(&unknown)
  }

  /// What the name stands for at the registry.
  public struct Descriptor: JSONMappable, Equatable, Sendable {
    public var mediaType = ""
    public var digest = ""
    /// Bytes.
    public var size: Int64 = 0
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("mediaType", &mediaType)
      try json.field("digest", &digest)
      try json.field("size", &size)
      json.unknown(&unknown)
    }
  }

  /// A machine that there is an image for.
  public struct Platform: JSONMappable, Equatable, Sendable {
    public var architecture = ""
    public var os = ""
    public var osVersion = ""
    public var osFeatures: [String] = []
    public var variant = ""
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("architecture", &architecture)
      try json.field("os", &os)
      try json.nonEmpty("os.version", &osVersion)
      try json.nonEmpty("os.features", &osFeatures)
      try json.nonEmpty("variant", &variant)
      json.unknown(&unknown)
    }
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
