import JSON
import LinuxKernel
import ShimProtocol
import Testing

/// Health checks by the shim, with real processes.
@Suite(.serialized) struct ShimHealthTests {
  private static func check(_ command: String, timeout: Int64 = 20_000_000_000, retries: UInt32 = 3) -> HealthCheck {
    var check = HealthCheck(process: ContainerFixture.process(command))
    (check.interval, check.timeout, check.retries) = (50_000_000, timeout, retries)
    return check
  }

  /// A container that a file makes ill, and runs until it is deleted.
  private static func run(
    _ check: HealthCheck, _ command: String = "sleep 1000", pidNamespace: Bool = true,
    _ body: (ContainerFixture) throws -> Void
  ) throws {
    try ContainerFixture.run(command, .init(pidNamespace: pidNamespace, healthCheck: check)) { container in
      try container.createAndStart()
      try body(container)
    }
  }

  /// Follows the reports as a manager does, until one satisfies `condition`.
  private static func report(
    _ container: ContainerFixture, _ condition: (HealthReport) -> Bool
  ) throws -> HealthReport {
    let client = try container.client()
    var sequence: UInt64 = 0
    while true {
      guard case .health(let report) = try client.request(.health(after: sequence)) else {
        throw ShimClient.Failure(description: "no report")
      }
      if condition(report) { return report }
      sequence = report.sequence
    }
  }

  @Test func aContainerGetsWellIllAndWellAgain() throws {
    try Self.run(Self.check("echo out; echo err >&2; test ! -e /tmp/ill")) { container in
      let well = try Self.report(container) { $0.status == .healthy }
      let result = try #require(well.log.last)
      #expect(result.output == "out\nerr\n" && result.exitCode == 0 && result.processStatus == 0)
      #expect(result.start < result.end)
      try AtomicFile.write([], to: "\(container.bundle.rootfs)/tmp/ill", durability: .visible)
      let ill = try Self.report(container) { $0.status == .unhealthy }
      #expect(ill.failingStreak == 3 && ill.log.count <= HealthReport.logLimit)
      try Directory.removeTree("\(container.bundle.rootfs)/tmp/ill")
      let again = try Self.report(container) { $0.status == .healthy }
      #expect(again.failingStreak == 0)
    }
  }

  @Test(arguments: [true, false])
  func aProbeThatTakesTooLongIsKilledWithItsChildren(pidNamespace: Bool) throws {
    let check = Self.check("echo begun; sleep 4711 & sleep 4711", timeout: 300_000_000, retries: 1)
    try Self.run(check, pidNamespace: pidNamespace) { container in
      let report = try Self.report(container) { $0.status == .unhealthy }
      let result = try #require(report.log.first)
      #expect(result.output == "Health check exceeded timeout (300ms): begun\n")
      #expect(result.exitCode == -1 && result.processStatus == 137)
      _ = try Self.report(container) { $0.begun == 4 }
      try container.poll("they sleep on") { try Self.sleepers("4711") <= 2 }
    }
    #expect(try Self.sleepers("4711") == 0)
  }

  private static func sleepers(_ seconds: String) throws -> Int {
    try Directory.names("/proc").count { name in
      // It may have ended.
      let text = (try? AtomicFile.read("/proc/\(name)/cmdline")).map { String(decoding: $0, as: UTF8.self) } ?? ""
      return Int32(name) != nil && text.hasPrefix("sleep\0\(seconds)")
    }
  }

  @Test func aProbeThatCannotStart() throws {
    var process = try #require(ContainerFixture.process("true").object)
    process["args"] = .array([.string("/nowhere")])
    var check = Self.check("")
    check.process = .object(process)
    try Self.run(check) { container in
      let report = try Self.report(container) { !$0.log.isEmpty }
      #expect(report.log[0].exitCode == -1 && report.log[0].processStatus == nil)
      #expect(report.log[0].output.hasPrefix("OCI runtime exec failed: "))
      #expect(report.log[0].output.contains("/nowhere"))
    }
  }

  @Test func nobodyIsProbedWhilePaused() throws {
    try Self.run(Self.check("true")) { container in
      _ = try Self.report(container) { $0.status == .healthy }
      #expect(try container.client().request(.pause) == .done)
      let paused = try Self.report(container) { $0.status == .unhealthy }
      #expect(try container.client().request(.resume) == .done)
      let resumed = try Self.report(container) { $0.status == .healthy }
      #expect(resumed.begun == paused.begun + 1)
    }
  }

  @Test func theEndOfTheContainerIsTheEndOfItsCheck() throws {
    // Without a pid namespace nobody else ends the probe.
    let check = Self.check("sleep 4712")
    try Self.run(check, "sleep 1", pidNamespace: false) { container in
      _ = try Self.report(container) { $0.begun == 1 }
      _ = try container.wait()
      let last = try Self.report(container) { $0.status == .unhealthy }
      let reply = try container.client().request(.health(after: last.sequence))
      #expect(reply == .failure(ShimFailure(.conflict, "the container has ended")))
      try container.poll("the probe goes on") { try Self.sleepers("4712") == 0 }
    }
  }

  @Test func stoppedForGood() throws {
    try Self.run(Self.check("true")) { container in
      _ = try Self.report(container) { $0.status == .healthy }
      #expect(try container.client().request(.stopHealthCheck) == .done)
      let stopped = try Self.report(container) { $0.status == .unhealthy }
      #expect(try container.client().request(.pause) == .done)
      #expect(try container.client().request(.resume) == .done)
      #expect(try Self.report(container) { _ in true } == stopped)
    }
  }

  @Test func manyProbesLeaveNothingOpen() throws {
    try Self.run(Self.check("true")) { container in
      let shim = try container.state().shimPid
      let count = { try Directory.names("/proc/\(shim)/fd").count }
      _ = try Self.report(container) { $0.log.count == 1 && $0.begun == 1 }
      let before = try count()
      _ = try Self.report(container) { $0.begun > 15 }
      try container.poll("descriptors stay open") { try count() <= before }
    }
  }

  @Test func thereIsNone() throws {
    try ContainerFixture.run("true") { container in
      let reply = try container.client().request(.health(after: 0))
      #expect(reply == .failure(ShimFailure(.conflict, "the container has no health check")))
      #expect(try container.client().request(.stopHealthCheck) == .done)
    }
  }
}
