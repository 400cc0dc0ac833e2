public import JSON
internal import ShimProtocol

/// Whether a container is well: what its shim has told, kept for the next daemon.
public struct ContainerHealth: Equatable, Sendable, JSONMappable {
  /// Docker's words.
  public enum Status: String, Sendable, JSONConvertible {
    case starting, healthy, unhealthy
  }

  /// One probe that has ended.
  public struct Probe: Equatable, Sendable, JSONMappable {
    /// RFC 3339.
    public var start = ""
    public var end = ""
    /// 0: well; -1: it did not come to its end.
    public var exitCode: Int32 = 0
    public var output = ""

    public init() {}

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.required("start", &start)
      try json.required("end", &end)
      try json.required("exitCode", &exitCode)
      try json.field("output", &output)
    }
  }

  public var status = Status.starting
  public var failingStreak = 0
  /// The last ones, those of earlier runs of the container too.
  public var log: [Probe] = []
  /// The number of the last probe of this run that was told to have begun, and its exec identifier.
  var begun: UInt64 = 0
  var execID = ""
  /// The number of the last one whose end was told.
  var ended: UInt64 = 0

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("status", &status)
    try json.field("failingStreak", &failingStreak)
    try json.nonEmpty("log", &log)
    try json.field("begun", &begun)
    try json.nonEmpty("execID", &execID)
    try json.field("ended", &ended)
  }
}

extension ContainerRecord {
  /// What a change of the container's state means for its health, as in Docker: who is not probed is not well.
  mutating func followHealth(_ transition: ContainerTransition) {
    switch transition {
    case .started:
      let log = health?.log ?? []
      health = configuration.probeArguments == nil ? nil : ContainerHealth()
      health?.log = log
    case .exited, .paused: health?.status = .unhealthy
    case .startFailed, .restartPlanned, .restartCancelled, .resumed, .removalBegan, .removalFailed: break
    }
  }

  /// Takes over what the shim reports.
  /// - Returns: what is to be told of it.
  mutating func followHealth(_ report: HealthReport) -> [ContainerEvent] {
    guard var new = health, let arguments = configuration.probeArguments else { return [] }
    var events: [ContainerEvent] = []
    let results = report.log.filter { $0.number > new.ended }
    for result in results {
      events += begin(result.number, arguments, &new)
      new.ended = result.number
      new.log = (new.log + [ContainerHealth.Probe(result)]).suffix(HealthReport.logLimit)
      guard let status = result.processStatus else { continue }
      events.append(event("exec_die", ["execID": new.execID, "exitCode": "\(status)"]))
    }
    events += begin(report.begun, arguments, &new)
    new.failingStreak = Int(report.failingStreak)
    let status = ContainerHealth.Status(report.status)
    if status != new.status, !results.isEmpty { events.append(event("health_status: \(status.rawValue)")) }
    new.status = status
    health = new
    return events
  }

  private func begin(
    _ number: UInt64, _ arguments: [String], _ health: inout ContainerHealth
  ) -> [ContainerEvent] {
    guard number > health.begun else { return [] }
    health.begun = number
    health.execID = ContainerID.random().text
    var session = ExecConfiguration()
    session.arguments = arguments
    return ["exec_create", "exec_start"].map { event("\($0): \(session.commandLine)", ["execID": health.execID]) }
  }
}

extension ContainerHealth.Status {
  fileprivate init(_ status: HealthStatus) {
    switch status {
    case .starting: self = .starting
    case .healthy: self = .healthy
    case .unhealthy: self = .unhealthy
    }
  }
}

extension ContainerHealth.Probe {
  fileprivate init(_ result: ProbeResult) {
    (start, end, exitCode, output) = (result.start, result.end, result.exitCode, result.output)
  }
}
