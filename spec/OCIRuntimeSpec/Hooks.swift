public import JSON

/// Programs to run at points of the lifecycle (config.md §POSIX-platform Hooks).
public struct Hooks: JSONMappable, Equatable {
  public var prestart: [Hook] = []
  public var createRuntime: [Hook] = []
  public var createContainer: [Hook] = []
  public var startContainer: [Hook] = []
  public var poststart: [Hook] = []
  public var poststop: [Hook] = []
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("prestart", &prestart)
    try json.nonEmpty("createRuntime", &createRuntime)
    try json.nonEmpty("createContainer", &createContainer)
    try json.nonEmpty("startContainer", &startContainer)
    try json.nonEmpty("poststart", &poststart)
    try json.nonEmpty("poststop", &poststop)
    json.unknown(&unknown)
  }
}

/// A program of a hook; it gets the container's state on its standard input.
public struct Hook: JSONMappable, Equatable {
  /// Absolute.
  public var path = ""
  /// Including `argv[0]`.
  public var args: [String] = []
  public var env: [String] = []
  /// Seconds, above 0.
  public var timeout: Int64?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("path", &path)
    try json.nonEmpty("args", &args)
    try json.nonEmpty("env", &env)
    try json.optional("timeout", &timeout)
    json.unknown(&unknown)
  }
}
