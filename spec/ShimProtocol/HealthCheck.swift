public import JSON

/// How a shim finds out whether its container is well: part of `shim.json`. Times are nanoseconds.
public struct HealthCheck: Equatable, Sendable, JSONMappable {
  /// An OCI `process` object (runtime-spec config.md §Process) that ends with 0 if the container is well. It has no terminal.
  public var process = JSONValue.null
  /// From the end of one probe to the start of the next, and before the first.
  public var interval: Int64 = 30_000_000_000
  /// What a probe may take. It is killed then, and counts as a failure.
  public var timeout: Int64 = 30_000_000_000
  /// After the start of the container: failures do not count until it was well once.
  public var startPeriod: Int64 = 0
  /// ``interval`` within ``startPeriod``, until it was well once.
  public var startInterval: Int64 = 5_000_000_000
  /// Failures in a row that make it unhealthy.
  public var retries: UInt32 = 3

  public init() {}

  public init(process: JSONValue) { self.process = process }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("process", &process)
    try json.field("interval", &interval)
    try json.field("timeout", &timeout)
    try json.field("startPeriod", &startPeriod)
    try json.field("startInterval", &startInterval)
    try json.field("retries", &retries)
    if json.isReading { try validate() }
  }

  private func validate() throws(JSONError) {
    let times = [("interval", interval), ("timeout", timeout), ("startInterval", startInterval)]
    for (name, time) in times where time <= 0 { throw JSONError(.invalid("must be more than 0"), path: name) }
    guard startPeriod >= 0 else { throw JSONError(.invalid("must not be negative"), path: "startPeriod") }
    guard retries > 0 else { throw JSONError(.invalid("must not be 0"), path: "retries") }
  }
}

/// Whether a container is well, as far as its probes tell.
public enum HealthStatus: String, Sendable, JSONConvertible, CaseIterable {
  /// It never was since its start, and has not failed too often either.
  case starting
  case healthy
  /// It failed too often in a row, or is not probed any more.
  case unhealthy
}

/// One probe.
public struct ProbeResult: Equatable, Sendable, JSONMappable {
  /// 1 for the first of a run of the container.
  public var number: UInt64 = 0
  /// RFC 3339 in UTC, nine digits of a second.
  public var start = ""
  public var end = ""
  /// 0: the container is well; -1: the probe did not come to its end, or could not be started.
  public var exitCode: Int32 = 0
  /// How its process ended, in the shell's numbers; `nil` if there was none.
  public var processStatus: Int32?
  /// The beginning of what it wrote, and what is to say of it; at most ``outputLimit`` bytes of the former.
  public var output = ""

  /// Docker's; `...` stands for the rest.
  public static let outputLimit = 4096

  public init() {}

  public init(number: UInt64, start: String, end: String) {
    self.number = number
    self.start = start
    self.end = end
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("number", &number)
    try json.required("start", &start)
    try json.required("end", &end)
    try json.required("exitCode", &exitCode)
    try json.optional("processStatus", &processStatus)
    try json.required("output", &output)
  }
}

/// The answer to `health`.
public struct HealthReport: Equatable, Sendable, JSONMappable {
  /// Grows with every change of this report.
  public var sequence: UInt64 = 0
  public var status = HealthStatus.starting
  public var failingStreak: UInt32 = 0
  /// The last ones, ``logLimit`` at most, oldest first.
  public var log: [ProbeResult] = []
  /// The number of the last probe that has begun, 0 if none has.
  public var begun: UInt64 = 0

  public static let logLimit = 5

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("sequence", &sequence)
    try json.required("status", &status)
    try json.field("failingStreak", &failingStreak)
    try json.nonEmpty("log", &log)
    try json.field("begun", &begun)
  }
}
