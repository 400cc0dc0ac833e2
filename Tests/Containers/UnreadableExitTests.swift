import LinuxKernel
import ShimProtocol
import Testing

@testable import Containers

/// Exit records that say nothing: the container is over, and what there is of the record is kept.
@Suite struct UnreadableExitTests {
  enum Damage: CaseIterable, Sendable { case badJSON, folder }

  private static func leave(_ damage: Damage, at path: String) throws {
    switch damage {
    case .badJSON: try AtomicFile.write(Array("{\"status\": ".utf8), to: path, durability: .visible)
    case .folder: try Directory.make(path)
    }
  }

  @Test(arguments: Damage.allCases)
  func keepsTheRecord(damage: Damage) async throws {
    let record = try await ServiceFixture.record(state: RestoreTests.running)
    try await ServiceFixture.run(records: [record]) { paths in
      let bundle = paths.bundle(record.id)
      try Directory.make(bundle.rootfs)
      try Self.leave(damage, at: bundle.exitRecord)
    } _: { fixture in
      try await fixture.service.restore()
      let exit = try #require(try fixture.service.inspect("old").state.exit)
      let kept = try #require(try Directory.names(fixture.paths.unreadable).first)
      #expect(exit.status == 137)
      #expect(exit.error.contains("is kept at \(fixture.paths.unreadable)/\(kept)"))
      #expect(fixture.reports.all == [exit.error])
      #expect(try FileStatus.of(fixture.paths.bundle(record.id).path) == nil)
    }
  }

  @Test func tellsWhatEarlierDaemonsKept() async throws {
    try await ServiceFixture.run { paths in
      try Self.leave(.badJSON, at: "\(paths.unreadable)/old.json")
    } _: { fixture in
      try await fixture.service.restore()
      #expect(fixture.reports.all.count == 1)
      #expect(fixture.reports.all.first?.contains("\(fixture.paths.unreadable)/old.json") == true)
    }
  }

  @Test func isReadByTheNextDaemonIfThisOneStops() async throws {
    let path = "/tmp/proa-exit-tests-\(UInt64.random(in: .min ... .max))"
    try Directory.make(path)
    defer { #expect(throws: Never.self) { try Directory.removeTree(path) } }
    let reading = Task { try await StoredExit.read(path, on: .singleton, patience: .seconds(60)) }
    reading.cancel()
    await #expect(throws: CancellationError.self) { try await reading.value }
  }
}
