public import JSON

/// The answer to `GET /volumes`. There is no volume yet that could be in it.
public struct VolumeListResponse: JSONMappable, Equatable, Sendable {
  public var volumes: [JSONValue] = []
  public var warnings: [String]?

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Volumes", &volumes)
    try json.nullable("Warnings", &warnings)
  }
}

/// The answer to `POST /volumes/prune`.
public struct VolumesPruneResponse: JSONMappable, Equatable, Sendable {
  public var volumesDeleted: [String]?
  /// Bytes.
  public var spaceReclaimed: UInt64 = 0

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nullable("VolumesDeleted", &volumesDeleted)
    try json.field("SpaceReclaimed", &spaceReclaimed)
  }
}

/// The answer to `POST /build/prune`.
public struct BuildPruneResponse: JSONMappable, Equatable, Sendable {
  public var cachesDeleted: [String]?
  /// Bytes.
  public var spaceReclaimed: UInt64 = 0

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nullable("CachesDeleted", &cachesDeleted)
    try json.field("SpaceReclaimed", &spaceReclaimed)
  }
}
