import LinuxKernel
import ShimProtocol
import Testing

@testable import Containers

/// The database does not take what has happened: it is so all the same, and nothing of it is lost.
@Suite struct UnsavedTests {
  private func actions(_ fixture: ServiceFixture) -> [String] { fixture.repository.events.map(\.action) }

  private func isFull(_ isFull: Bool, _ fixture: ServiceFixture) { fixture.repository.isFull.withLock { $0 = isFull } }

  private func stored(_ fixture: ServiceFixture) async throws -> ContainerState? {
    try await fixture.repository.all().first?.state
  }

  /// Until the database has been told again, which tells nobody; whoever waits has a time limit.
  private func waitUntilSaved(_ fixture: ServiceFixture, as status: ContainerState.Status) async throws {
    while try await stored(fixture)?.status != status { try await Task.sleep(for: .milliseconds(5)) }
  }

  @Test(.timeLimit(.minutes(1))) func aStartIsTrueAtOnceAndToldLater() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create()
      isFull(true, fixture)
      try await fixture.service.start(id.text)
      #expect(try fixture.service.inspect(id.text).state.status == .running)
      isFull(false, fixture)
      try await waitUntilSaved(fixture, as: .running)
      #expect(actions(fixture) == ["create", "connect", "start"])
    }
  }

  @Test(.timeLimit(.minutes(1))) func anEndIsToldWithItsStartAndThenTheBundleGoes() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create()
      let bundle = fixture.paths.bundle(id)
      isFull(true, fixture)
      try await fixture.service.start(id.text)
      let wait = try await fixture.service.wait(id.text, .nextExit)
      await fixture.shims.end(bundle, status: 5)
      #expect(try await wait.outcome().status == 5)
      await #expect(throws: ContainerError.self) { try await fixture.service.start(id.text) }
      #expect(try fixture.service.inspect(id.text).state.exit?.status == 5)
      #expect(try FileStatus.of(bundle.path) != nil)
      isFull(false, fixture)
      try await waitUntilSaved(fixture, as: .exited)
      #expect(actions(fixture) == ["create", "connect", "start", "die", "disconnect"])
      try await fixture.service.remove(id.text)
      #expect(try FileStatus.of(bundle.path) == nil)
    }
  }

  @Test func aRemovalThatCannotBeRecordedHasNotBegun() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create(name: "it")
      isFull(true, fixture)
      await #expect(throws: ContainerError.failed("cannot remove container it: the disk is full")) {
        try await fixture.service.remove("it")
      }
      #expect(try fixture.service.inspect("it").state == .created(nil))
      isFull(false, fixture)
      try await fixture.service.remove("it")
      #expect(throws: ContainerError.notFound(id.text)) { try fixture.service.inspect(id.text) }
    }
  }
}
