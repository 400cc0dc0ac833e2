import ShimProtocol
import Testing

@testable import Containers

@Suite struct RestartPolicyTests {
  struct Case: Sendable {
    var policy: RestartPolicy
    var status: Int32 = 1
    var retries = 0
    var wasStopped = false
    var restarts: Bool
  }

  static let cases = [
    Case(policy: RestartPolicy(), restarts: false),
    Case(policy: RestartPolicy(.always), status: 0, restarts: true),
    Case(policy: RestartPolicy(.always), wasStopped: true, restarts: false),
    Case(policy: RestartPolicy(.unlessStopped), status: 0, restarts: true),
    Case(policy: RestartPolicy(.unlessStopped), wasStopped: true, restarts: false),
    Case(policy: RestartPolicy(.onFailure), status: 0, restarts: false),
    Case(policy: RestartPolicy(.onFailure), retries: 1000, restarts: true),
    Case(policy: RestartPolicy(.onFailure, maximumRetries: 3), retries: 2, restarts: true),
    Case(policy: RestartPolicy(.onFailure, maximumRetries: 3), retries: 3, restarts: false),
    Case(policy: RestartPolicy(.onFailure), wasStopped: true, restarts: false),
  ]

  @Test(arguments: cases)
  func afterAnEnd(_ given: Case) {
    #expect(
      given.policy.restarts(afterStatus: given.status, retries: given.retries, wasStopped: given.wasStopped)
        == given.restarts)
  }

  @Test func theDelayDoublesUpToAMinuteAndAGoodRunResetsIt() {
    var delay = RestartDelay()
    let delays = (0..<12).map { _ in delay.next(afterRunOf: .seconds(1)) }
    #expect(delays.prefix(4) == [.milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800)])
    #expect(delays.suffix(2) == [.seconds(60), .seconds(60)])
    #expect(delay.next(afterRunOf: .seconds(10)) == .milliseconds(100))
    #expect(delay.next(afterRunOf: .zero) == .milliseconds(200))
  }

  static let refused: [(String, Int, String)] = [
    ("sometimes", 0, "unknown policy 'sometimes'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'"),
    ("always", 1, "maximum retry count can only be used with 'on-failure'"),
    ("no", -1, "maximum retry count can only be used with 'on-failure' and cannot be negative"),
    ("on-failure", -1, "maximum retry count cannot be negative"),
  ]

  @Test(arguments: refused)
  func refuses(name: String, count: Int, message: String) {
    #expect(throws: ContainerError.invalid("invalid restart policy: \(message)")) {
      try RestartPolicy(docker: name, maximumRetries: count)
    }
  }

  @Test func isStartedAgainUntilItHasFailedTooOften() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create(name: "web") {
        $0.host.restartPolicy = RestartPolicy(.onFailure, maximumRetries: 2)
      }
      try await fixture.service.start("web")
      for count in 1...2 {
        await fixture.shims.end(fixture.paths.bundle(id), status: 3)
        try await fixture.until { $0.restartCount == count && $0.state.running != nil }
      }
      await fixture.shims.end(fixture.paths.bundle(id), status: 3)
      try await fixture.until { $0.state.status == .exited && $0.restartCount == 2 }
      try await fixture.service.start("web")
      #expect(try fixture.service.inspect("web").restartCount == 0)
    }
  }

  @Test func stoppingEndsIt() async throws {
    try await ServiceFixture.run { fixture in
      _ = try await fixture.create(name: "web") { $0.host.restartPolicy = RestartPolicy(.always) }
      try await fixture.service.start("web")
      try await fixture.service.stop("web", timeout: 0)
      #expect(try fixture.service.inspect("web").state.status == .exited)
      #expect(try await fixture.repository.all().first?.wasStopped == true)
      try await fixture.service.start("web")
      #expect(try fixture.service.inspect("web").wasStopped == false)
    }
  }

  /// Restored and not yet started by its policy, so that the wait has no end.
  @Test func whileItWaits() async throws {
    var record = try await ServiceFixture.record(name: "web", state: Self.restarting)
    record.host.restartPolicy = RestartPolicy(.always)
    record.restartCount = 4
    try await ServiceFixture.run(records: [record]) { fixture in
      try await fixture.service.restore()
      let web = try fixture.service.inspect("web")
      #expect(web == record && web.state.isActive)
      #expect(try await fixture.service.list(ContainerListRequest()).map(\.record.id) == [record.id])
      #expect(try await fixture.service.prune(ContainerPruneRequest()).ids.isEmpty)
      let message = "Container \(record.id) is restarting, wait until the container is running"
      await #expect(throws: ContainerError.conflict(message)) { try await fixture.service.pause("web") }
      await #expect(throws: ContainerError.conflict(message)) {
        try await fixture.service.processes(of: "web", options: "-ef")
      }
      await #expect(throws: ContainerError.conflict(message)) {
        try await fixture.service.attach("web", StreamSelection(stdin: false, stdout: true, stderr: true))
      }
      await #expect(throws: ContainerError.notModified) { try await fixture.service.start("web") }
      await #expect(throws: ContainerError.self) { try await fixture.service.remove("web") }
      let wait = try await fixture.service.wait("web", .notRunning)
      try await fixture.service.stop("web")
      #expect(try await wait.outcome().status == 1)
      #expect(try fixture.service.inspect("web").state.status == .exited)
      #expect(try await fixture.repository.all().first?.wasStopped == true)
    }
  }

  @Test func aRestartThatFailsIsTheLast() async throws {
    var record = try await ServiceFixture.record(name: "web", state: Self.restarting)
    record.host.restartPolicy = RestartPolicy(.always)
    let shims = FakeShims(failure: ShimFailure(.runtime, "executable file not found"))
    try await ServiceFixture.run(shims: shims, records: [record]) { fixture in
      try await fixture.service.restore()
      let wait = try await fixture.service.wait("web", .notRunning)
      fixture.service.startByPolicy()
      #expect(try await wait.outcome().status == 127)
      #expect(try fixture.service.inspect("web").state.exit?.status == 127)
    }
  }

  @Test func anAutomaticallyRemovedContainerHasNoPolicy() async throws {
    try await ServiceFixture.run { fixture in
      await #expect(throws: ContainerError.invalid("can't create 'AutoRemove' container with restart policy")) {
        try await fixture.create {
          $0.host.autoRemove = true
          $0.host.restartPolicy = RestartPolicy(.always)
        }
      }
      _ = try await fixture.create(name: "web") { $0.host.autoRemove = true }
      var change = ContainerUpdate()
      change.restartPolicy = RestartPolicy(.always)
      await #expect(throws: ContainerError.self) { try await fixture.service.update("web", change) }
    }
  }

  struct Left: Sendable {
    var policy: RestartPolicy.Kind
    var state: ContainerState
    var wasStopped = false
    var runs: Bool
  }

  static let exited = RestoreTests.exited
  static let restarting = ContainerState.restarting(
    .init(status: 1, startedAt: Timestamp(nanoseconds: 1), finishedAt: Timestamp(nanoseconds: 2)))

  /// Nothing of the last daemon's exec root is left, as after a reboot.
  static let left = [
    Left(policy: .no, state: RestoreTests.running, runs: false),
    Left(policy: .always, state: RestoreTests.running, runs: true),
    Left(policy: .unlessStopped, state: RestoreTests.running, runs: true),
    Left(policy: .onFailure, state: RestoreTests.running, runs: true),
    Left(policy: .always, state: exited, wasStopped: true, runs: true),
    Left(policy: .unlessStopped, state: exited, wasStopped: true, runs: false),
    Left(policy: .unlessStopped, state: exited, runs: true),
    Left(policy: .onFailure, state: exited, runs: false),
    Left(policy: .onFailure, state: restarting, runs: true),
    Left(policy: .always, state: restarting, runs: true),
  ]

  @Test(arguments: left)
  func theNextDaemonGoesByThePolicy(_ given: Left) async throws {
    var record = try await ServiceFixture.record(name: "web", state: given.state)
    record.host.restartPolicy = RestartPolicy(given.policy)
    record.wasStopped = given.wasStopped
    try await ServiceFixture.run(records: [record]) { fixture in
      try await fixture.service.restore()
      #expect(try fixture.service.inspect("web").state.running == nil)
      await (try fixture.service.index.find("web").container).startByPolicy()
      if given.runs { return try await fixture.until { $0.state.running != nil } }
      #expect(try fixture.service.inspect("web").state.status == .exited)
    }
  }

  /// Of both kinds: some had ended, some ran until the reboot. The one with the link is the first to be started without.
  @Test(arguments: [exited, RestoreTests.running], [exited, RestoreTests.running])
  func thoseThatAreNeededAreStartedFirst(_ given: ContainerState, _ needed: ContainerState) async throws {
    var database = try await ServiceFixture.record(name: "db", state: needed)
    var web = try await ServiceFixture.record(name: "web", state: given)
    web.host.links = [try LegacyLink(docker: "\(database.id):db")]
    database.places = try ContainerRecord.places(.bridge, [:])
    web.places = database.places
    database.host.restartPolicy = RestartPolicy(.always)
    web.host.restartPolicy = RestartPolicy(.always)
    try await ServiceFixture.run(records: [database, web]) { fixture in
      try await fixture.service.restore()
      fixture.service.startByPolicy()
      try await fixture.until { $0.state.running != nil }
    }
  }

  @Test func nobodyWaitsForEver() async throws {
    let starts = PolicyStarts()
    let (one, other) = (ContainerID.random(), ContainerID.random())
    starts.expect([one])
    await starts.wait(for: [other])
    await starts.wait(for: [one, other], patience: .milliseconds(1))
    async let settled: Void = starts.wait(for: [one], patience: .seconds(1000))
    starts.settle(one)
    await settled
  }
}

extension ServiceFixture {
  /// Waits for something to be true of the container `web`.
  func until(_ isTrue: (ContainerRecord) -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while case let record = try service.inspect("web"), !isTrue(record) {
      try #require(ContinuousClock.now < deadline, "\(record.state)")
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}
