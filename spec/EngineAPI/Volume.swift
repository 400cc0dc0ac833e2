public import JSON

/// A directory that outlives containers (Engine API `Volume`).
public struct Volume: JSONMappable, Equatable, Sendable {
  public var createdAt = ""
  public var driver = "local"
  public var labels: [String: String] = [:]
  /// On the host.
  public var mountpoint = ""
  public var name = ""
  /// Of the driver.
  public var options: [String: String] = [:]
  public var scope = "local"
  public var usageData: UsageData?

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("CreatedAt", &createdAt)
    try json.field("Driver", &driver)
    try json.field("Labels", &labels)
    try json.field("Mountpoint", &mountpoint)
    try json.field("Name", &name)
    try json.field("Options", &options)
    try json.field("Scope", &scope)
    try json.optional("UsageData", &usageData)
  }
}

extension Volume {
  /// Engine API `Volume.UsageData`.
  public struct UsageData: JSONMappable, Equatable, Sendable {
    /// How many containers have it.
    public var refCount: Int64 = -1
    /// Bytes.
    public var size: Int64 = -1

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("RefCount", &refCount)
      try json.field("Size", &size)
    }
  }
}

/// The body of `POST /volumes/create` (Engine API `VolumeCreateOptions`).
public struct VolumeCreateRequest: JSONMappable, Equatable, Sendable {
  /// Empty for one of the daemon's making.
  public var name = ""
  public var driver = ""
  public var driverOptions: [String: String]?
  public var labels: [String: String]?
  /// What a volume of a whole cluster is to be like.
  public var clusterVolume: JSONObject?

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("Name", &name)
    try json.nonEmpty("Driver", &driver)
    try json.nullable("DriverOpts", &driverOptions)
    try json.nullable("Labels", &labels)
    try json.optional("ClusterVolumeSpec", &clusterVolume)
  }
}

/// The answer to `GET /volumes`.
public struct VolumeListResponse: JSONMappable, Equatable, Sendable {
  public var volumes: [Volume] = []
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
