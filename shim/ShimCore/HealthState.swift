package import ShimProtocol

/// What the probes of one run of a container have shown, by Docker's rules. Knows no clock and no process: those are
/// ``HealthMonitor``'s.
package struct HealthState {
  private let check: HealthCheck
  package private(set) var report = HealthReport()

  package init(_ check: HealthCheck) { self.check = check }

  /// The run begins: the report is worth telling.
  package mutating func begin() { report.sequence += 1 }

  /// - Returns: the number of the probe that begins.
  package mutating func probeBegins() -> UInt64 {
    report.begun += 1
    report.sequence += 1
    return report.begun
  }

  /// - Parameter start: nanoseconds from the container's start to the probe's.
  package mutating func probeEnded(_ result: ProbeResult, start: Int64) {
    report.log = report.log.suffix(HealthReport.logLimit - 1) + [result]
    report.sequence += 1
    if result.exitCode == 0 {
      report.failingStreak = 0
      report.status = .healthy
    } else if report.status != .starting || start >= check.startPeriod {
      report.failingStreak += 1
      if report.failingStreak >= check.retries { report.status = .unhealthy }
    }
  }

  /// There are no probes any more, or not for now: as with Docker, that is not well.
  package mutating func probingStopped() {
    guard report.status != .unhealthy else { return }
    report.status = .unhealthy
    report.sequence += 1
  }

  /// Nanoseconds to the next probe, `time` nanoseconds after the container's start.
  package func pause(at time: Int64) -> Int64 {
    time < check.startPeriod && report.status == .starting ? check.startInterval : check.interval
  }
}
