public import JSON

/// What a container runs, merged from its image and the request that made it.
public struct ContainerConfiguration: Equatable, Sendable, JSONMappable {
  /// Empty: the first twelve digits of the container's identifier, or the host's name on the host's network.
  public var hostname = ""
  public var domainname = ""
  /// `name`, `uid`, `name:group`, `uid:gid`, …; empty is root.
  public var user = ""
  /// Absolute, or empty for `/`.
  public var workingDirectory = ""
  /// `NAME=value`; a `NAME` alone removes a variable that would be set by default.
  public var environment: [String] = []
  /// `nil`: the image's.
  public var entrypoint: [String]?
  /// `nil`: the image's, unless the request has an entrypoint.
  public var command: [String]?
  public var labels: [String: String] = [:]
  public var terminal = false
  /// Whether the process's standard input is open.
  public var openStdin = false
  /// Whether standard input ends when the client that is attached to it goes.
  public var stdinOnce = false
  public var attachStdin = false
  public var attachStdout = false
  public var attachStderr = false
  /// What asks the container to end; `nil` is SIGTERM.
  public var stopSignal: String?
  /// Seconds from that signal to SIGKILL, negative: never; `nil` is ten.
  public var stopTimeout: Int?
  /// `80/tcp`.
  public var exposedPorts: [String] = []
  /// Paths that are to be volumes unless something else is mounted there.
  public var volumes: [String] = []
  /// `nil`: the image's.
  public var healthCheck: HealthConfiguration?
  /// What runs a health check that is a text; empty: `/bin/sh -c`.
  public var shell: [String] = []

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("hostname", &hostname)
    try json.nonEmpty("domainname", &domainname)
    try json.nonEmpty("user", &user)
    try json.nonEmpty("workingDirectory", &workingDirectory)
    try json.nonEmpty("environment", &environment)
    try json.optional("entrypoint", &entrypoint)
    try json.optional("command", &command)
    try json.nonEmpty("labels", &labels)
    try json.flag("terminal", &terminal)
    try json.flag("openStdin", &openStdin)
    try json.flag("stdinOnce", &stdinOnce)
    try json.flag("attachStdin", &attachStdin)
    try json.flag("attachStdout", &attachStdout)
    try json.flag("attachStderr", &attachStderr)
    try json.optional("stopSignal", &stopSignal)
    try json.optional("stopTimeout", &stopTimeout)
    try json.nonEmpty("exposedPorts", &exposedPorts)
    try json.nonEmpty("volumes", &volumes)
    try json.optional("healthCheck", &healthCheck)
    try json.nonEmpty("shell", &shell)
  }
}
