public import JSON

/// A line of `GET /images/json` (Engine API `ImageSummary`).
public struct ImageSummary: JSONMappable, Equatable, Sendable {
  /// -1: not counted.
  public var containers: Int = -1
  /// Seconds since 1970.
  public var created: Int64 = 0
  public var id = ""
  public var labels: [String: String]?
  public var parentID = ""
  public var descriptor: ImageDescriptor?
  /// Only where they were asked for.
  public var manifests: [ImageManifestSummary]?
  public var repoDigests: [String] = []
  public var repoTags: [String] = []
  /// Bytes; -1: not computed.
  public var sharedSize: Int64 = -1
  /// Bytes.
  public var size: Int64 = 0
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Containers", &containers)
    try json.field("Created", &created)
    try json.field("Id", &id)
    try json.nullable("Labels", &labels)
    try json.field("ParentId", &parentID)
    try json.optional("Descriptor", &descriptor)
    try json.optional("Manifests", &manifests)
    try json.field("RepoDigests", &repoDigests)
    try json.field("RepoTags", &repoTags)
    try json.field("SharedSize", &sharedSize)
    try json.field("Size", &size)
    json.unknown(&unknown)
  }
}

/// A line of `GET /images/{name}/history` (Engine API `ImageHistoryResponseItem`).
public struct ImageHistoryItem: JSONMappable, Equatable, Sendable {
  public var comment = ""
  /// Seconds since 1970.
  public var created: Int64 = 0
  public var createdBy = ""
  /// `<missing>` if unknown.
  public var id = ""
  /// Bytes.
  public var size: Int64 = 0
  public var tags: [String]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Comment", &comment)
    try json.field("Created", &created)
    try json.field("CreatedBy", &createdBy)
    try json.field("Id", &id)
    try json.field("Size", &size)
    try json.nullable("Tags", &tags)
    json.unknown(&unknown)
  }
}

/// A line of the answer to `DELETE /images/{name}`; one of the two members is there.
public struct ImageDeleteResponseItem: JSONMappable, Equatable, Sendable {
  public var deleted = ""
  public var untagged = ""
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("Deleted", &deleted)
    try json.nonEmpty("Untagged", &untagged)
    json.unknown(&unknown)
  }
}

/// A content descriptor of the OCI image specification (Engine API `OCIDescriptor`).
public struct ImageDescriptor: JSONMappable, Equatable, Sendable {
  public var mediaType = ""
  public var digest = ""
  /// Bytes.
  public var size: Int64 = 0
  public var urls: [String] = []
  public var annotations: [String: String] = [:]
  public var platform: ImagePlatform?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("mediaType", &mediaType)
    try json.field("digest", &digest)
    try json.field("size", &size)
    try json.nonEmpty("urls", &urls)
    try json.nonEmpty("annotations", &annotations)
    try json.optional("platform", &platform)
    json.unknown(&unknown)
  }
}

/// The machine that an image is for (Engine API `OCIPlatform`).
public struct ImagePlatform: JSONMappable, Equatable, Sendable {
  public var architecture = ""
  public var os = ""
  public var osVersion = ""
  public var osFeatures: [String] = []
  public var variant = ""
  /// Members that are not named above, kept as they came.
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

/// The answer to `POST /images/prune`.
public struct ImagesPruneResponse: JSONMappable, Equatable, Sendable {
  public var imagesDeleted: [ImageDeleteResponseItem]?
  /// Bytes.
  public var spaceReclaimed: UInt64 = 0
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nullable("ImagesDeleted", &imagesDeleted)
    try json.field("SpaceReclaimed", &spaceReclaimed)
    json.unknown(&unknown)
  }
}
