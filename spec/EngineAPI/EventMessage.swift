public import JSON

/// One of the answers to `GET /events` (Engine API `EventMessage`).
public struct EventMessage: JSONMappable, Equatable, Sendable {
  /// The action again, the object's identifier, and a container's image: of containers and images only, for old clients.
  public var status = ""
  public var id = ""
  public var from = ""
  /// `container`, `image`, `network`, …
  public var type = ""
  public var action = ""
  public var actor = Actor()
  /// `local` or `swarm`.
  public var scope = "local"
  /// Seconds since 1970.
  public var time: Int64 = 0
  /// Nanoseconds since 1970; of no two events of an engine the same.
  public var timeNano: Int64 = 0
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("status", &status)
    try json.nonEmpty("id", &id)
    try json.nonEmpty("from", &from)
    try json.field("Type", &type)
    try json.field("Action", &action)
    try json.field("Actor", &actor)
    try json.field("scope", &scope)
    try json.field("time", &time)
    try json.field("timeNano", &timeNano)
    json.unknown(&unknown)
  }

  /// What it happened to.
  public struct Actor: JSONMappable, Equatable, Sendable {
    public var id = ""
    public var attributes: [String: String] = [:]
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("ID", &id)
      try json.field("Attributes", &attributes)
      json.unknown(&unknown)
    }
  }
}
