public import JSON

/// The answer to `GET /system/df`. What was not asked for is `null`.
public struct DiskUsage: JSONMappable, Equatable, Sendable {
  /// Bytes of all layers, each counted once.
  public var layersSize: Int64 = 0
  public var images: [ImageSummary]?
  public var containers: [ContainerSummary]?
  public var volumes: [Volume]?
  public var buildCache: [JSONValue]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("LayersSize", &layersSize)
    try json.nullable("Images", &images)
    try json.nullable("Containers", &containers)
    try json.nullable("Volumes", &volumes)
    try json.nullable("BuildCache", &buildCache)
    json.unknown(&unknown)
  }
}

/// The answer to `POST /containers/prune`.
public struct ContainersPruneResponse: JSONMappable, Equatable, Sendable {
  public var containersDeleted: [String]?
  /// Bytes.
  public var spaceReclaimed: UInt64 = 0

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nullable("ContainersDeleted", &containersDeleted)
    try json.field("SpaceReclaimed", &spaceReclaimed)
  }
}
