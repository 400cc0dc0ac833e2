public import JSON

/// Where a process is in its life.
public enum ProcessStatus: String, Sendable, JSONConvertible, CaseIterable {
  /// Known to the shim; the runtime has not been asked yet, or what it tried failed.
  case prepared
  /// `<runtime> create` is running.
  case creating
  /// The container's init waits for `start`. Exec sessions have no such state.
  case created
  /// `<runtime> start`, or for exec sessions `<runtime> exec`, is running.
  case starting
  case running
  /// Exited; its record is on disk.
  case stopped
}

/// The answer to `state`.
public struct ShimState: Equatable, Sendable, JSONMappable {
  /// The version of this protocol that the shim speaks.
  public static let currentVersion: Int32 = 1

  public var version = ShimState.currentVersion
  /// The container's identifier.
  public var id = ""
  /// The shim's own process id.
  public var shimPid: Int32 = 0
  public var container = ProcessState()
  /// Whether the container was paused and not resumed since.
  public var isPaused = false
  public var execs: [ExecState] = []

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("version", &version)
    try json.required("id", &id)
    try json.required("shimPid", &shimPid)
    try json.required("container", &container)
    try json.flag("isPaused", &isPaused)
    try json.nonEmpty("execs", &execs)
  }
}

public struct ProcessState: Equatable, Sendable, JSONMappable {
  public var status = ProcessStatus.prepared
  /// As seen from the shim; `nil` before there is a process, and kept after it has exited.
  public var pid: Int32?
  /// `nil` until the status is `stopped`.
  public var exit: ExitRecord?
  /// Whether it was ended before it had been started: its program never ran, and there is no record of an exit on disk.
  public var neverRan = false

  public init() {}

  public init(status: ProcessStatus, pid: Int32? = nil, exit: ExitRecord? = nil) {
    self.status = status
    self.pid = pid
    self.exit = exit
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("status", &status)
    try json.optional("pid", &pid)
    try json.optional("exit", &exit)
    try json.flag("neverRan", &neverRan)
  }
}

public struct ExecState: Equatable, Sendable, JSONMappable {
  public var id: ExecID
  public var process = ProcessState()

  public init() { id = ExecID.none }

  public init(id: ExecID, process: ProcessState) {
    self.id = id
    self.process = process
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("id", &id)
    try process.map(&json)
  }
}
