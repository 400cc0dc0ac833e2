public import JSON

/// The answer to `GET /images/{name}/json`.
public struct ImageInspect: JSONMappable, Equatable, Sendable {
  public var id = ""
  public var repoTags: [String] = []
  public var repoDigests: [String] = []
  public var parent = ""
  public var comment = ""
  /// RFC 3339.
  public var created: String?
  public var dockerVersion = ""
  public var author = ""
  public var config: ImageConfig?
  public var architecture = ""
  public var variant = ""
  public var os = ""
  public var osVersion = ""
  /// Bytes.
  public var size: Int64 = 0
  public var graphDriver: DriverData?
  public var rootFS = RootFS()
  public var metadata = Metadata()
  public var descriptor: ImageDescriptor?
  /// Only where they were asked for.
  public var manifests: [ImageManifestSummary]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Id", &id)
    try json.field("RepoTags", &repoTags)
    try json.field("RepoDigests", &repoDigests)
    try json.field("Parent", &parent)
    try json.field("Comment", &comment)
    try json.optional("Created", &created)
    try json.field("DockerVersion", &dockerVersion)
    try json.field("Author", &author)
    try json.nullable("Config", &config)
    try json.field("Architecture", &architecture)
    try json.nonEmpty("Variant", &variant)
    try json.field("Os", &os)
    try json.nonEmpty("OsVersion", &osVersion)
    try json.field("Size", &size)
    try json.nullable("GraphDriver", &graphDriver)
    try json.field("RootFS", &rootFS)
    try json.field("Metadata", &metadata)
    try json.optional("Descriptor", &descriptor)
    try json.optional("Manifests", &manifests)
    json.unknown(&unknown)
  }
}

extension ImageInspect {
  /// The layers of an image (Engine API `ImageInspect.RootFS`).
  public struct RootFS: JSONMappable, Equatable, Sendable {
    public var type: String = "layers"
    /// Digests of the uncompressed layers, the lowest first.
    public var layers: [String] = []
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("Type", &type)
      try json.nonEmpty("Layers", &layers)
      json.unknown(&unknown)
    }
  }
}

extension ImageInspect {
  /// What this machine knows of the image (Engine API `ImageInspect.Metadata`).
  public struct Metadata: JSONMappable, Equatable, Sendable {
    /// RFC 3339.
    public var lastTagTime = ""
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.nonEmpty("LastTagTime", &lastTagTime)
      json.unknown(&unknown)
    }
  }
}

/// What containers of an image start with (Engine API `ImageConfig`).
public struct ImageConfig: JSONMappable, Equatable, Sendable {
  public var user = ""
  public var exposedPorts: PortSet?
  public var environment: [String] = []
  public var entrypoint: StringList?
  public var command: StringList?
  public var volumes: [String: EmptyObject]?
  public var workingDirectory = ""
  public var labels: [String: String] = [:]
  public var stopSignal = ""
  public var argsEscaped = false
  public var healthcheck: HealthConfig?
  public var onBuild: [String] = []
  public var shell: StringList?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("User", &user)
    try json.optional("ExposedPorts", &exposedPorts)
    try json.nonEmpty("Env", &environment)
    try json.optional("Entrypoint", &entrypoint)
    try json.optional("Cmd", &command)
    try json.optional("Volumes", &volumes)
    try json.nonEmpty("WorkingDir", &workingDirectory)
    try json.nonEmpty("Labels", &labels)
    try json.nonEmpty("StopSignal", &stopSignal)
    try json.flag("ArgsEscaped", &argsEscaped)
    try json.optional("Healthcheck", &healthcheck)
    try json.nonEmpty("OnBuild", &onBuild)
    try json.optional("Shell", &shell)
    json.unknown(&unknown)
  }
}
