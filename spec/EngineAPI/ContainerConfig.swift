public import JSON

/// What a container is whatever machine it runs on (Engine API `ContainerConfig`).
public struct ContainerConfig: JSONMappable, Equatable, Sendable {
  /// Empty: the first twelve digits of the container's identifier.
  public var hostname = ""
  public var domainname = ""
  /// `user`, `uid`, `user:group`, `uid:gid`; empty: the image's.
  public var user = ""
  public var attachStdin = false
  public var attachStdout = false
  public var attachStderr = false
  public var exposedPorts: PortSet?
  public var tty = false
  public var openStdin = false
  /// Closes the container's input when the first attached client goes away.
  public var stdinOnce = false
  /// `NAME=value`; a name alone removes the image's variable.
  public var environment: [String]?
  /// `nil`: the image's.
  public var command: StringList?
  public var healthcheck: HealthConfig?
  public var argsEscaped = false
  public var image = ""
  /// Paths in the container that get an anonymous volume.
  public var volumes: [String: EmptyObject]?
  public var workingDirectory = ""
  /// `nil`: the image's; one empty string: none.
  public var entrypoint: StringList?
  public var networkDisabled = false
  public var macAddress = ""
  public var onBuild: [String]?
  public var labels: [String: String]?
  public var stopSignal = ""
  /// Seconds between the stop signal and SIGKILL; `nil`: 10, -1: wait for ever.
  public var stopTimeout: Int?
  public var shell: StringList?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try mapMembers(&json)
    json.unknown(&unknown)
  }

  /// The named members alone: those of a create request stand beside others.
  mutating func mapMembers(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Hostname", &hostname)
    try json.field("Domainname", &domainname)
    try json.field("User", &user)
    try json.field("AttachStdin", &attachStdin)
    try json.field("AttachStdout", &attachStdout)
    try json.field("AttachStderr", &attachStderr)
    try json.optional("ExposedPorts", &exposedPorts)
    try json.field("Tty", &tty)
    try json.field("OpenStdin", &openStdin)
    try json.field("StdinOnce", &stdinOnce)
    try json.nullable("Env", &environment)
    try json.nullable("Cmd", &command)
    try json.optional("Healthcheck", &healthcheck)
    try json.flag("ArgsEscaped", &argsEscaped)
    try json.field("Image", &image)
    try json.nullable("Volumes", &volumes)
    try json.field("WorkingDir", &workingDirectory)
    try json.nullable("Entrypoint", &entrypoint)
    try json.flag("NetworkDisabled", &networkDisabled)
    try json.nonEmpty("MacAddress", &macAddress)
    try json.nullable("OnBuild", &onBuild)
    try json.nullable("Labels", &labels)
    try json.nonEmpty("StopSignal", &stopSignal)
    try json.optional("StopTimeout", &stopTimeout)
    try json.optional("Shell", &shell)
  }
}

/// How a container's health is probed (Engine API `HealthConfig`). Times are nanoseconds, 0 inherits.
public struct HealthConfig: JSONMappable, Equatable, Sendable {
  /// `NONE`, `CMD` with arguments, or `CMD-SHELL` with a command line.
  public var test: [String] = []
  public var interval: Int64?
  public var timeout: Int64?
  public var startPeriod: Int64?
  public var startInterval: Int64?
  public var retries: Int?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("Test", &test)
    try json.optional("Interval", &interval)
    try json.optional("Timeout", &timeout)
    try json.optional("StartPeriod", &startPeriod)
    try json.optional("StartInterval", &startInterval)
    try json.optional("Retries", &retries)
    json.unknown(&unknown)
  }
}
