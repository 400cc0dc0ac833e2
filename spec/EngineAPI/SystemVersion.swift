public import JSON

/// The answer to `GET /version`.
public struct SystemVersion: JSONMappable, Equatable, Sendable {
  public var platform = Platform()
  public var components: [Component] = []
  public var version = ""
  public var apiVersion = ""
  public var minimumAPIVersion = ""
  public var gitCommit = ""
  public var goVersion = ""
  public var os = ""
  public var architecture = ""
  public var kernelVersion = ""
  public var experimental = false
  /// RFC 3339.
  public var buildTime = ""
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Platform", &platform)
    try json.nonEmpty("Components", &components)
    try json.field("Version", &version)
    try json.field("ApiVersion", &apiVersion)
    try json.nonEmpty("MinAPIVersion", &minimumAPIVersion)
    try json.field("GitCommit", &gitCommit)
    try json.field("GoVersion", &goVersion)
    try json.field("Os", &os)
    try json.field("Arch", &architecture)
    try json.nonEmpty("KernelVersion", &kernelVersion)
    try json.flag("Experimental", &experimental)
    try json.nonEmpty("BuildTime", &buildTime)
    json.unknown(&unknown)
  }
}

extension SystemVersion {
  /// Engine API `SystemVersion.Platform`.
  public struct Platform: JSONMappable, Equatable, Sendable {
    public var name = ""
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("Name", &name)
      json.unknown(&unknown)
    }
  }
}

extension SystemVersion {
  /// A part of the engine and its version (Engine API `SystemVersion.Components`).
  public struct Component: JSONMappable, Equatable, Sendable {
    public var name = ""
    public var version = ""
    public var details: [String: String]?
    /// Members that are not named above, kept as they came.
    public var unknown = JSONObject()

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.field("Name", &name)
      try json.field("Version", &version)
      try json.optional("Details", &details)
      json.unknown(&unknown)
    }
  }
}
