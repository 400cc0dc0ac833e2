public import JSON

/// The body of `POST /containers/create`: a `ContainerConfig` with two more members.
public struct ContainerCreateRequest: JSONMappable, Equatable, Sendable {
  public var config = ContainerConfig()
  public var hostConfig: HostConfig?
  public var networkingConfig: NetworkingConfig?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try config.mapMembers(&json)
    try json.optional("HostConfig", &hostConfig)
    try json.optional("NetworkingConfig", &networkingConfig)
    json.unknown(&unknown)
  }
}

/// The answer to `POST /containers/create`.
public struct ContainerCreateResponse: JSONMappable, Equatable, Sendable {
  public var id = ""
  public var warnings: [String] = []
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Id", &id)
    try json.field("Warnings", &warnings)
    json.unknown(&unknown)
  }
}

/// The answer to `POST /containers/{id}/wait`.
public struct ContainerWaitResponse: JSONMappable, Equatable, Sendable {
  public var error: WaitError?
  /// The exit status; 128 and the signal's number for a killed process.
  public var statusCode: Int64 = 0
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("Error", &error)
    try json.field("StatusCode", &statusCode)
    json.unknown(&unknown)
  }
}

extension ContainerWaitResponse {
  /// Why waiting failed (Engine API `ContainerWaitExitError`).
  public struct WaitError: JSONMappable, Equatable, Sendable {
    public var message = ""
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nonEmpty("Message", &message)
      json.unknown(&unknown)
    }
  }
}
