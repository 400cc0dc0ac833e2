import JSON
import LinuxKernel
import OCIImageSpec
import ShimProtocol
import Testing

@testable import Containers

@Suite struct ContainerHealthTests {
  private func record() async throws -> ContainerRecord {
    var record = try await ServiceFixture.record(state: RestoreTests.running)
    record.configuration.healthCheck = HealthConfiguration()
    record.configuration.healthCheck?.test = ["CMD-SHELL", "true"]
    record.followHealth(.started(.init(pid: 1, startedAt: .now())))
    return record
  }

  private func report(_ status: HealthStatus, ended: ClosedRange<UInt64>?, begun: UInt64? = nil) -> HealthReport {
    var report = HealthReport()
    report.status = status
    report.begun = begun ?? ended?.upperBound ?? 0
    report.log =
      ended.map { numbers in
        numbers.map { number in
          var result = ProbeResult(number: number, start: "", end: "")
          (result.exitCode, result.processStatus) = (Int32(number), Int32(number))
          return result
        }
      } ?? []
    return report
  }

  @Test func whatIsToldOfAProbe() async throws {
    var record = try await record()
    #expect(record.health?.status == .starting)
    let begun = record.followHealth(report(.starting, ended: nil, begun: 1))
    #expect(begun.map(\.action) == ["exec_create: /bin/sh -c true", "exec_start: /bin/sh -c true"])
    let ended = record.followHealth(report(.healthy, ended: 1...1))
    #expect(ended.map(\.action) == ["exec_die", "health_status: healthy"])
    #expect(ended.first?.attributes["exitCode"] == "1")
    #expect(Set((begun + ended.prefix(1)).map { $0.attributes["execID"] }).count == 1)
    #expect(record.health?.status == .healthy)
    #expect(record.followHealth(report(.healthy, ended: 1...1)).isEmpty)
  }

  @Test func whatWasMissedIsToldAtOnce() async throws {
    var record = try await record()
    _ = record.followHealth(report(.healthy, ended: 1...2))
    let again = try ContainerRecord(
      id: record.id, name: record.name, createdAt: record.createdAt, imageID: record.imageID, details: record.details)
    #expect(again == record)
    let told = record.followHealth(report(.unhealthy, ended: 5...9, begun: 10))
    #expect(told.count { $0.action == "exec_die" } == 5)
    #expect(told.count { $0.action.hasPrefix("exec_create") } == 6)
    #expect(told.last { !$0.action.hasPrefix("exec_") }?.action == "health_status: unhealthy")
    #expect(record.health?.log.map(\.exitCode) == [5, 6, 7, 8, 9])
  }

  /// As in Docker: without a word, and the log of the last run stays.
  @Test func whoDoesNotRunIsNotWell() async throws {
    var record = try await record()
    _ = record.followHealth(report(.healthy, ended: 1...1))
    record.followHealth(.paused)
    #expect(record.health?.status == .unhealthy)
    #expect(record.followHealth(report(.unhealthy, ended: 1...1)).isEmpty)
    record.followHealth(.started(.init(pid: 1, startedAt: .now())))
    #expect(record.health?.status == .starting && record.health?.log.count == 1)
    #expect(record.followHealth(report(.healthy, ended: 1...1)).last?.action == "health_status: healthy")
    record.followHealth(.exited(status: 0, outOfMemory: false, at: .now(), error: ""))
    #expect(record.health?.status == .unhealthy)
    record.configuration.healthCheck?.test = ["NONE"]
    record.followHealth(.started(.init(pid: 1, startedAt: .now())))
    #expect(record.health == nil)
  }

  @Test(
    arguments: [
      ([], [], nil), (["NONE"], ["CMD", "x"], nil), ([], ["CMD", "x"], ["x"]),
      (["CMD-SHELL", "y z"], ["CMD", "x"], ["/bin/sh", "-c", "y z"]), (["CMD", "a", "b"], [], ["a", "b"]),
    ] as [([String], [String], [String]?)])
  func imagesAreInheritedFrom(asked: [String], said: [String], arguments: [String]?) throws {
    var image = ContainerDefaults()
    image.healthcheck = Healthcheck()
    image.healthcheck?.test = said
    image.healthcheck?.interval = 7
    image.healthcheck?.retries = 9
    var request = ContainerConfiguration()
    request.command = ["c"]
    #expect(try request.merged(with: image).healthCheck?.interval == 7)
    request.healthCheck = HealthConfiguration()
    request.healthCheck?.test = asked
    request.healthCheck?.interval = 5
    let merged = try request.merged(with: image)
    #expect(merged.probeArguments == arguments)
    #expect(merged.healthCheck?.interval == 5 && merged.healthCheck?.retries == 9)
  }

  static let refused: [(@Sendable (inout HealthConfiguration) -> Void, String)] = [
    ({ $0.interval = 999_999 }, "Interval in Healthcheck cannot be less than 1ms"),
    ({ $0.startInterval = -1 }, "StartInterval in Healthcheck cannot be less than 1ms"),
    ({ $0.retries = -1 }, "Retries in Healthcheck cannot be negative"),
    ({ $0.test = ["curl"] }, "Unknown healthcheck type 'curl' (expected 'CMD')"),
    ({ $0.test = ["CMD"] }, "the health check has no command"),
    ({ $0.test = ["CMD-SHELL", ""] }, "the health check has no command"),
  ]

  @Test(arguments: refused.indices)
  func refuses(index: Int) {
    var configuration = HealthConfiguration()
    Self.refused[index].0(&configuration)
    #expect(throws: ContainerError.invalid(Self.refused[index].1)) { try configuration.validate() }
  }
}
