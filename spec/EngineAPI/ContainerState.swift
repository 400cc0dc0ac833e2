public import JSON

/// What a container is doing (Engine API `ContainerState`).
public struct ContainerState: JSONMappable, Equatable, Sendable {
  public var status: ContainerStatus = .created
  /// True also while paused.
  public var isRunning = false
  public var isPaused = false
  public var isRestarting = false
  public var isOOMKilled = false
  public var isDead = false
  /// 0: not running.
  public var pid = 0
  public var exitCode = 0
  public var error = ""
  /// RFC 3339.
  public var startedAt: String = noTime
  /// RFC 3339.
  public var finishedAt: String = noTime
  public var health: Health?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Status", &status)
    try json.field("Running", &isRunning)
    try json.field("Paused", &isPaused)
    try json.field("Restarting", &isRestarting)
    try json.field("OOMKilled", &isOOMKilled)
    try json.field("Dead", &isDead)
    try json.field("Pid", &pid)
    try json.field("ExitCode", &exitCode)
    try json.field("Error", &error)
    try json.field("StartedAt", &startedAt)
    try json.field("FinishedAt", &finishedAt)
    try json.optional("Health", &health)
    json.unknown(&unknown)
  }
}

/// What the probes found (Engine API `Health`).
public struct Health: JSONMappable, Equatable, Sendable {
  /// `none`, `starting`, `healthy`, `unhealthy`.
  public var status = ""
  public var failingStreak = 0
  public var log: [HealthcheckResult]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Status", &status)
    try json.field("FailingStreak", &failingStreak)
    try json.nullable("Log", &log)
    json.unknown(&unknown)
  }
}

/// One probe (Engine API `HealthcheckResult`).
public struct HealthcheckResult: JSONMappable, Equatable, Sendable {
  /// RFC 3339.
  public var start = ""
  /// RFC 3339.
  public var end = ""
  /// 0 healthy, 1 unhealthy, others: the probe failed.
  public var exitCode = 0
  public var output = ""
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Start", &start)
    try json.field("End", &end)
    try json.field("ExitCode", &exitCode)
    try json.field("Output", &output)
    json.unknown(&unknown)
  }
}

extension ContainerState {
  /// How Go writes a time that never was.
  public static let noTime = "0001-01-01T00:00:00Z"
}

/// Engine API `ContainerState.Status`.
public struct ContainerStatus: RawRepresentable, Hashable, Sendable, JSONConvertible {
  public var rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }

  public static let created = ContainerStatus(rawValue: "created")
  public static let running = ContainerStatus(rawValue: "running")
  public static let paused = ContainerStatus(rawValue: "paused")
  public static let restarting = ContainerStatus(rawValue: "restarting")
  public static let removing = ContainerStatus(rawValue: "removing")
  public static let exited = ContainerStatus(rawValue: "exited")
  public static let dead = ContainerStatus(rawValue: "dead")
}
