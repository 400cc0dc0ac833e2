public import JSON

/// The body of `POST /containers/{id}/exec`.
public struct ExecConfig: JSONMappable, Equatable, Sendable {
  public var user = ""
  public var privileged = false
  public var tty = false
  /// Height and width.
  public var consoleSize: [UInt16]?
  public var attachStdin = false
  public var attachStderr = false
  public var attachStdout = false
  public var detach = false
  /// `ctrl-p,ctrl-q`.
  public var detachKeys = ""
  public var environment: [String]?
  public var workingDirectory = ""
  public var command: StringList?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("User", &user)
    try json.field("Privileged", &privileged)
    try json.field("Tty", &tty)
    try json.optional("ConsoleSize", &consoleSize)
    try json.field("AttachStdin", &attachStdin)
    try json.field("AttachStderr", &attachStderr)
    try json.field("AttachStdout", &attachStdout)
    try json.flag("Detach", &detach)
    // docker-py writes it like this, which Docker reads: its decoder does not tell cases apart.
    if json.isReading { try json.field("detachKeys", &detachKeys) }
    try json.field("DetachKeys", &detachKeys)
    try json.nullable("Env", &environment)
    try json.field("WorkingDir", &workingDirectory)
    try json.nullable("Cmd", &command)
    json.unknown(&unknown)
  }
}

/// The body of `POST /exec/{id}/start`.
public struct ExecStartRequest: JSONMappable, Equatable, Sendable {
  public var detach = false
  public var tty = false
  /// Height and width.
  public var consoleSize: [UInt16]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Detach", &detach)
    try json.field("Tty", &tty)
    try json.optional("ConsoleSize", &consoleSize)
    json.unknown(&unknown)
  }
}

/// The answer of requests that create something (Engine API `IDResponse`).
public struct IDResponse: JSONMappable, Equatable, Sendable {
  public var id = ""
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Id", &id)
    json.unknown(&unknown)
  }
}

/// The answer to `GET /exec/{id}/json`.
public struct ExecInspectResponse: JSONMappable, Equatable, Sendable {
  public var id = ""
  public var isRunning = false
  /// `nil` until the process has ended.
  public var exitCode: Int?
  public var processConfig = ProcessConfig()
  public var openStdin = false
  public var openStderr = false
  public var openStdout = false
  public var canRemove = false
  public var containerID = ""
  public var detachKeys = ""
  /// In the host's process identifiers; 0: not running.
  public var pid = 0
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("ID", &id)
    try json.field("Running", &isRunning)
    try json.nullable("ExitCode", &exitCode)
    try json.field("ProcessConfig", &processConfig)
    try json.field("OpenStdin", &openStdin)
    try json.field("OpenStderr", &openStderr)
    try json.field("OpenStdout", &openStdout)
    try json.field("CanRemove", &canRemove)
    try json.field("ContainerID", &containerID)
    try json.field("DetachKeys", &detachKeys)
    try json.field("Pid", &pid)
    json.unknown(&unknown)
  }
}

/// What an exec session runs (Engine API `ProcessConfig`).
public struct ProcessConfig: JSONMappable, Equatable, Sendable {
  public var tty = false
  public var entrypoint = ""
  public var arguments: [String]?
  public var privileged: Bool?
  public var user = ""
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("tty", &tty)
    try json.field("entrypoint", &entrypoint)
    try json.nullable("arguments", &arguments)
    try json.optional("privileged", &privileged)
    try json.nonEmpty("user", &user)
    json.unknown(&unknown)
  }
}
