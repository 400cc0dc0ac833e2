public import JSON

/// What containers of an image start from (image-spec config.md, `config`), with Docker's `Healthcheck`, `OnBuild` and `Shell`.
///
/// `nil` is what the image does not say; an empty list is one that it says is empty.
public struct ContainerDefaults: JSONMappable, Equatable, Sendable {
  /// `user`, `uid`, `user:group`, `uid:gid`, `uid:group` or `user:gid`.
  public var user: String?
  /// Names such as `80/tcp`.
  public var exposedPorts: [String: JSONObject]?
  /// `NAME=value`.
  public var env: [String]?
  public var entrypoint: [String]?
  public var cmd: [String]?
  /// Docker's: checks whether the container is well.
  public var healthcheck: Healthcheck?
  /// Docker's, for Windows: the command line is already escaped.
  public var argsEscaped: Bool?
  /// Paths in the container.
  public var volumes: [String: JSONObject]?
  public var workingDir: String?
  /// Docker's: instructions for builds on top of this image.
  public var onBuild: [String]?
  public var labels: [String: String]?
  /// The name or number of the signal that asks the container to end.
  public var stopSignal: String?
  /// Docker's: seconds between that signal and SIGKILL.
  public var stopTimeout: Int?
  /// Docker's: what runs commands that are given as one text.
  public var shell: [String]?
  /// Members that belong to containers, not images (`Hostname`, `Tty`, …), and whatever comes later.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("User", &user)
    try json.optional("ExposedPorts", &exposedPorts)
    try json.optional("Env", &env)
    try json.optional("Entrypoint", &entrypoint)
    try json.optional("Cmd", &cmd)
    try json.optional("Healthcheck", &healthcheck)
    try json.optional("ArgsEscaped", &argsEscaped)
    try json.optional("Volumes", &volumes)
    try json.optional("WorkingDir", &workingDir)
    try json.optional("OnBuild", &onBuild)
    try json.optional("Labels", &labels)
    try json.optional("StopSignal", &stopSignal)
    try json.optional("StopTimeout", &stopTimeout)
    try json.optional("Shell", &shell)
    json.unknown(&unknown)
  }
}

/// How a container's health is probed (Docker's `HEALTHCHECK`).
public struct Healthcheck: JSONMappable, Equatable, Sendable {
  /// Empty: inherited; `NONE`: none; `CMD` and arguments; or `CMD-SHELL` and a text.
  public var test: [String] = []
  /// Nanoseconds; `nil` is the engine's default.
  public var interval: Int64?
  /// Nanoseconds.
  public var timeout: Int64?
  /// Nanoseconds.
  public var startPeriod: Int64?
  /// Nanoseconds.
  public var startInterval: Int64?
  /// Failures in a row before the container counts as unhealthy.
  public var retries: Int?
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
