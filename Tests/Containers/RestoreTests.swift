import JSON
import LinuxKernel
import ShimProtocol
import Testing

@testable import Containers

/// What the last daemon left at the moment when it was killed, and what the next one makes of it.
@Suite struct RestoreTests {
  static let running = ContainerState.running(.init(pid: 42, startedAt: Timestamp(nanoseconds: 1)))
  static let exited = ContainerState.exited(
    .init(status: 0, startedAt: Timestamp(nanoseconds: 1), finishedAt: Timestamp(nanoseconds: 2)))
  /// The database knows the end that ``exit`` tells of.
  static let recorded = ContainerState.exited(
    .init(status: 0, startedAt: Timestamp(nanoseconds: 1), finishedAt: Timestamp(exit.exitedAt) ?? .now()))
  static let exit = ExitRecord(status: 5, exitedAt: "2024-01-02T03:04:05.000000000Z")

  /// What is in the bundle, what the shim says, and what comes out.
  enum Bundle: Sendable { case none, empty, exitRecord }

  struct Case: Sendable, CustomTestStringConvertible {
    var record: ContainerState
    var bundle = Bundle.empty
    /// `nil`: there is no shim.
    var shim: ProcessStatus?
    var neverRan = false
    var expected: ContainerState.Status
    var exitStatus: Int32?

    var testDescription: String { "\(record.status) + \(bundle) + \(shim.map { "\($0)" } ?? "no shim")" }
  }

  static let cases = [
    Case(record: running, shim: .running, expected: .running),
    Case(record: running, shim: .stopped, expected: .exited, exitStatus: 5),
    Case(record: running, bundle: .exitRecord, expected: .exited, exitStatus: 5),
    Case(record: running, expected: .exited, exitStatus: 137),
    Case(record: running, bundle: .none, expected: .exited, exitStatus: 255),
    Case(record: .created(nil), bundle: .none, expected: .created),
    Case(record: .created(nil), expected: .created),
    Case(record: .created(nil), shim: .created, expected: .created),
    Case(record: .created(nil), shim: .stopped, neverRan: true, expected: .created),
    Case(record: .created(nil), shim: .running, expected: .running),
    Case(record: .created(nil), shim: .stopped, expected: .exited, exitStatus: 5),
    Case(record: exited, bundle: .none, expected: .exited, exitStatus: 0),
    Case(record: exited, shim: .running, expected: .running),
    Case(record: exited, bundle: .exitRecord, expected: .exited, exitStatus: 5),
    Case(record: recorded, bundle: .exitRecord, expected: .exited, exitStatus: 0),
    Case(record: .dead(reason: "busy"), bundle: .none, expected: .dead),
  ]

  @Test(arguments: cases)
  func restores(_ given: Case) async throws {
    let record = try await ServiceFixture.record(state: given.record)
    let shims = FakeShims()
    try await ServiceFixture.run(shims: shims, records: [record]) { paths in
      try await Self.leave(given, at: paths.bundle(record.id), shims)
    } _: { fixture in
      try await fixture.service.restore()
      let state = try fixture.service.inspect("old").state
      #expect(state.status == given.expected)
      #expect(state.exit?.status == given.exitStatus)
      #expect(try await fixture.repository.all().map(\.state) == [state])
      let bundle = try FileStatus.of(fixture.paths.bundle(record.id).path)
      #expect((bundle != nil) == (state.running != nil))
    }
  }

  private static func leave(_ given: Case, at bundle: BundleLayout, _ shims: FakeShims) async throws {
    guard given.bundle != .none else { return }
    try Directory.make(bundle.rootfs)
    if given.bundle == .exitRecord {
      try AtomicFile.write(JSONWriter.bytes(exit), to: bundle.exitRecord, durability: .visible)
    }
    if let status = given.shim {
      await shims.leave(bundle, status, exit: status == .stopped ? exit : nil, neverRan: given.neverRan)
    }
  }

  @Test(arguments: [ContainerState.removing, exited])
  func finishesRemovals(state: ContainerState) async throws {
    let record = try await ServiceFixture.record(state: state, autoRemove: true)
    try await ServiceFixture.run(records: [record]) { fixture in
      try await fixture.service.restore()
      #expect(throws: ContainerError.notFound("old")) { try fixture.service.inspect("old") }
      #expect(try await fixture.repository.all().isEmpty)
    }
  }

  /// The last daemon was killed between the pause and its record, or between the end of one and its record.
  @Test(arguments: [true, false])
  func knowsWhetherItIsPaused(isPaused: Bool) async throws {
    var running = ContainerState.Running(pid: 42, startedAt: Timestamp(nanoseconds: 1))
    running.isPaused = !isPaused
    let record = try await ServiceFixture.record(state: .running(running))
    let shims = FakeShims()
    try await ServiceFixture.run(shims: shims, records: [record]) { paths in
      try Directory.make(paths.bundle(record.id).rootfs)
      await shims.leave(paths.bundle(record.id), .running, isPaused: isPaused)
    } _: { fixture in
      try await fixture.service.restore()
      #expect(try fixture.service.inspect("old").state.status == (isPaused ? .paused : .running))
    }
  }

  /// The last daemon was killed between the start and its record, which tells of the run before.
  @Test func knowsItsAddress() async throws {
    var record = try await ServiceFixture.record(state: Self.exited)
    record.places = [NetworkPlace("bridge")]
    record.places[0].endpoint = ContainerEndpoint()
    record.places[0].endpoint?.address = "10.0.0.99"
    let shims = FakeShims()
    try await ServiceFixture.run(shims: shims, records: [record]) { paths in
      try Directory.make(paths.bundle(record.id).rootfs)
      await shims.leave(paths.bundle(record.id), .running)
    } _: { [record] fixture in
      for network in ["bridge", "left"] {
        try await fixture.resources.attach(
          record.id, pid: 42, to: "id of \(network)", EndpointRequest(), names: [], ports: [])
      }
      try await fixture.service.restore()
      await fixture.service.restoreEndpoints()
      #expect(try fixture.service.inspect("old").places.map(\.endpoint?.address) == ["10.0.0.2"])
      #expect(try await fixture.repository.all().first?.places.map(\.endpoint?.address) == ["10.0.0.2"])
      // It was being connected, or disconnected, when the last daemon was killed.
      #expect(await fixture.resources.endpoints(of: record.id).map(\.network) == ["bridge"])
    }
  }

  @Test func goesOnWaitingForWhatRuns() async throws {
    let record = try await ServiceFixture.record(state: Self.running)
    let shims = FakeShims()
    try await ServiceFixture.run(shims: shims, records: [record]) { paths in
      let bundle = paths.bundle(record.id)
      try Directory.make(bundle.rootfs)
      await shims.leave(bundle, .running)
    } _: { fixture in
      try await fixture.service.restore()
      let wait = try await fixture.service.wait("old", .nextExit)
      await shims.end(fixture.paths.bundle(record.id), status: 9)
      #expect(try await wait.outcome().status == 9)
    }
  }
}
