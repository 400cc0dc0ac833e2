public import JSON

/// The body of `POST /containers/{id}/update`. Zero, empty and `nil` leave things as they are.
public struct ContainerUpdateRequest: JSONMappable, Equatable, Sendable {
  public var resources = Resources()
  public var restartPolicy = RestartPolicy()
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try resources.map(&json)
    try json.field("RestartPolicy", &restartPolicy)
    json.unknown(&unknown)
  }
}

/// The answer to `POST /containers/{id}/update`.
public struct ContainerUpdateResponse: JSONMappable, Equatable, Sendable {
  public var warnings: [String]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nullable("Warnings", &warnings)
    json.unknown(&unknown)
  }
}
