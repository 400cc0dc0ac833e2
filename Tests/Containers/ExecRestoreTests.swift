import JSON
import LinuxKernel
import ShimProtocol
import Testing

@testable import Containers

/// Exec sessions that the last daemon left, and what the next one says of them.
@Suite struct ExecRestoreTests {
  static let exit = ExitRecord(status: 5, exitedAt: "2024-01-02T03:04:05.000000000Z")

  struct Case: Sendable, CustomTestStringConvertible {
    var stored = Containers.ExecState.created
    /// `nil`: the shim does not know the session.
    var process: ProcessState?
    var hasShim = true
    /// Whether `exec/<id>/` is there, and whether `exit.json` is in it.
    var folder = false
    var record = false
    var expected: Containers.ExecState

    var testDescription: String { "\(stored), \(process.map { "\($0.status)" } ?? "unknown") -> \(expected)" }
  }

  static let cases = [
    Case(expected: .created),
    Case(process: ProcessState(status: .prepared), expected: .created),
    Case(process: ProcessState(status: .running, pid: 7), expected: .running(pid: 7)),
    Case(process: ProcessState(status: .stopped, pid: 7, exit: exit), expected: .exited(status: 5, pid: 7)),
    Case(stored: .exited(status: 3, pid: 8), expected: .exited(status: 3, pid: 8)),
    Case(hasShim: false, folder: true, record: true, expected: .exited(status: 5, pid: nil)),
    Case(hasShim: false, folder: true, expected: .exited(status: 137, pid: nil)),
    Case(hasShim: false, expected: .created),
  ]

  @Test(arguments: cases)
  func restores(_ given: Case) async throws {
    let record = try await ServiceFixture.record(
      state: .running(.init(pid: 42, startedAt: Timestamp(nanoseconds: 1))))
    let shims = FakeShims()
    try await ServiceFixture.run(shims: shims, records: [record]) { paths in
      try await Self.leave(given, of: record.id, at: paths.bundle(record.id), shims)
    } _: { fixture in
      try await fixture.service.restore()
      let session = try await fixture.service.inspectExec("e1")
      #expect(session.state == given.expected)
      #expect(session.configuration.arguments == ["sleep", "1"])
      #expect(session.container == record.id)
    }
  }

  /// Taken for killed, since clients take no code for success; the record is kept, and told of.
  @Test func reportsAnUnreadableRecord() async throws {
    let record = try await ServiceFixture.record(
      state: .running(.init(pid: 42, startedAt: Timestamp(nanoseconds: 1))))
    try await ServiceFixture.run(records: [record]) { paths in
      let bundle = paths.bundle(record.id)
      try await Self.leave(
        Case(hasShim: false, folder: true, expected: .created), of: record.id, at: bundle, FakeShims())
      let path = bundle.exec(try #require(ExecID("e1"))).exitRecord
      try AtomicFile.write(Array("{\"stat".utf8), to: path, durability: .visible)
    } _: { fixture in
      try await fixture.service.restore()
      #expect(try await fixture.service.inspectExec("e1").state == .exited(status: 137, pid: nil))
      let kept = try #require(try Directory.names(fixture.paths.unreadable).first)
      #expect(fixture.reports.all.contains { $0.contains("exec session e1") && $0.contains(kept) })
    }
  }

  private static func leave(
    _ given: Case, of container: ContainerID, at bundle: BundleLayout, _ shims: FakeShims
  ) async throws {
    try Directory.make(bundle.rootfs)
    try Directory.make(bundle.sessions)
    let id = try #require(ExecID("e1"))
    var configuration = ExecConfiguration()
    configuration.arguments = ["sleep", "1"]
    try ExecSessionFile.write(
      ExecSnapshot(id: "e1", container: container, configuration: configuration, state: given.stored), in: bundle)
    if given.folder { try Directory.make(bundle.exec(id).path) }
    if given.record {
      try AtomicFile.write(JSONWriter.bytes(exit), to: bundle.exec(id).exitRecord, durability: .visible)
    }
    guard given.hasShim else { return }
    await shims.leave(bundle, .running)
    if let process = given.process { await shims.leave(exec: .init(id: id, process: process), in: bundle) }
  }

  @Test func setsAsideWhatItCannotRead() throws {
    let bundle = BundleLayout(path: "/tmp/proa-exec-tests-\(UInt64.random(in: .min ... .max))")
    defer { #expect(throws: Never.self) { try Directory.removeTree(bundle.path) } }
    try Directory.make(bundle.sessions)
    let id = try #require(ExecID("torn"))
    try AtomicFile.write(Array("{\"cont".utf8), to: bundle.session(id), durability: .visible)
    let found = try ExecSessionFile.readAll(in: bundle)
    #expect(found.sessions.isEmpty)
    #expect(found.unreadable.count == 1)
    #expect(try FileStatus.of(bundle.session(id)) != nil)
  }
}
