import NIOCore
import ShimProtocol
import Synchronization
import Testing

@testable import Containers

@Suite struct ContainerServiceTests {
  @Test func aLife() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create(name: "web")
      #expect(try fixture.service.inspect("web").state == .created(nil))
      try await fixture.service.start("web")
      #expect(try fixture.service.inspect(id.short).state.running?.pid == 42)
      await #expect(throws: ContainerError.notModified) { try await fixture.service.start("web") }
      await #expect(throws: ContainerError.self) { try await fixture.service.remove("web") }
      let wait = try await fixture.service.wait("web", .nextExit)
      await fixture.shims.end(fixture.paths.bundle(id), status: 7, outOfMemory: true)
      #expect(try await wait.outcome() == WaitOutcome(status: 7, error: nil))
      #expect(try fixture.service.inspect("web").state.exit?.outOfMemory == true)
      await #expect(throws: ContainerError.notModified) { try await fixture.service.stop("web") }
      try await fixture.service.start("web")
      try await fixture.service.remove("web", force: true)
      #expect(throws: ContainerError.notFound("web")) { try fixture.service.inspect("web") }
      #expect(try await fixture.repository.all().isEmpty)
      #expect(fixture.resources.isEmpty)
      #expect(await fixture.shims.isEmpty)
    }
  }

  @Test func namesAreUnique() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create(name: "web")
      await #expect(throws: ContainerError.nameInUse(name: "web", owner: id)) {
        try await fixture.create(name: "/web")
      }
      let other = try await fixture.create(name: "other")
      await #expect(throws: ContainerError.nameInUse(name: "web", owner: id)) {
        try await fixture.service.rename("other", to: "web")
      }
      try await fixture.service.rename("web", to: "site")
      try await fixture.service.rename("other", to: "web")
      #expect(try fixture.service.inspect("web").id == other)
      #expect(try fixture.service.inspect("site").id == id)
    }
  }

  @Test func theRuntimeIsFixedWhenAContainerIsCreated() async throws {
    try await ServiceFixture.run { fixture in
      _ = try await fixture.create(name: "web")
      #expect(try fixture.service.inspect("web").host.runtime == "r")
    }
  }

  @Test func aRuntimeThatIsNoLongerKnownIsNamed() async throws {
    var old = try await ServiceFixture.record(state: .created(nil))
    old.host.runtime = "gone"
    try await ServiceFixture.run(records: [old]) { fixture in
      try await fixture.service.restore()
      await #expect(throws: ContainerError.invalid("unknown or invalid runtime name: gone")) {
        try await fixture.service.start("old")
      }
      #expect(try fixture.service.inspect("old").state.running == nil)
      #expect(fixture.resources.isEmpty)
    }
  }

  @Test func anUnknownImageLeavesNothing() async throws {
    try await ServiceFixture.run { fixture in
      await #expect(throws: ContainerError.imageNotFound("x")) {
        try await fixture.create(name: "web") { $0.image = "x" }
      }
      _ = try await fixture.create(name: "web")
    }
  }

  @Test func stopKillsWhatDoesNotListen() async throws {
    try await ServiceFixture.run(shims: FakeShims(obeyed: [9])) { fixture in
      _ = try await fixture.create(name: "deaf") { $0.configuration.stopSignal = "SIGINT" }
      try await fixture.service.start("deaf")
      try await fixture.service.stop("deaf", timeout: 0)
      #expect(await fixture.shims.signals == [2, 9])
      #expect(try fixture.service.inspect("deaf").state.exit?.status == 137)
    }
  }

  @Test func whatCannotBeKilledIsNotWaitedForForEver() async throws {
    let shims = FakeShims(signalFailure: ShimFailure(.runtime, "no such cgroup"))
    try await ServiceFixture.run(shims: shims) { fixture in
      _ = try await fixture.create(name: "web")
      try await fixture.service.start("web")
      await #expect(throws: ContainerError.failed("no such cgroup")) {
        try await fixture.service.stop("web", timeout: 0)
      }
      #expect(await shims.signals == [15, 9])
    }
  }

  @Test func killNeedsSomethingThatRuns() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create(name: "web")
      await #expect(
        throws: ContainerError.conflict("cannot kill container: web: container \(id) is not running")
      ) { try await fixture.service.kill("web") }
    }
  }

  @Test func whatEndsByItselfWhileItIsRemovedIsRemoved() async throws {
    let tooLate = FakeShims(signalFailure: ShimFailure(.conflict, "the container has ended"))
    try await ServiceFixture.run(shims: tooLate) { fixture in
      let id = try await fixture.create(name: "web")
      try await fixture.service.start("web")
      async let removal: Void = fixture.service.remove("web", force: true)
      while await fixture.shims.signals.isEmpty { await Task.yield() }
      await fixture.shims.end(fixture.paths.bundle(id), status: 0)
      try await removal
      #expect(throws: ContainerError.notFound("web")) { try fixture.service.inspect("web") }
      #expect(fixture.resources.isEmpty)
    }
  }

  @Test func removesItselfAfterItsExit() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create(name: "web") { $0.host.autoRemove = true }
      let wait = try await fixture.service.wait("web", .removed)
      try await fixture.service.start("web")
      await fixture.shims.end(fixture.paths.bundle(id), status: 3)
      #expect(try await wait.outcome().status == 3)
      #expect(throws: ContainerError.notFound("web")) { try fixture.service.inspect("web") }
      #expect(fixture.resources.isEmpty)
    }
  }

  @Test func aFailedStartIsUndone() async throws {
    let failure = ShimFailure(.runtime, "exec: \"x\": executable file not found in $PATH")
    try await ServiceFixture.run(shims: FakeShims(failure: failure)) { fixture in
      _ = try await fixture.create(name: "web")
      await #expect(throws: StartFailureTranslation.runtime(failure.message)) {
        try await fixture.service.start("web")
      }
      guard case .created(let reason) = try fixture.service.inspect("web").state else {
        Issue.record("not created any more")
        return
      }
      #expect(reason?.status == 127)
      #expect(fixture.resources.isEmpty)
      #expect(await fixture.shims.isEmpty)
    }
  }

  @Test func whoAttachesBeforeTheStartSeesEverything() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create(name: "web")
      let attachment = try await fixture.service.attach("web", StreamSelection(stdout: true))
      let seen = Mutex<[UInt8]>([])
      async let run: Void = attachment.run(input: AsyncStream<ByteBuffer> { $0.finish() }) { bytes in
        seen.withLock { $0 += bytes.readableBytesView }
      }
      try await fixture.service.start("web")
      try await run
      #expect(seen.withLock { $0 } == [1, 0, 0, 0, 0, 0, 0, 2] + Array("hi".utf8))
      await fixture.shims.end(fixture.paths.bundle(id), status: 0)
    }
  }

  @Test func whoAttachesToWhatNeverStartsIsTold() async throws {
    try await ServiceFixture.run { fixture in
      _ = try await fixture.create(name: "web")
      let attachment = try await fixture.service.attach("web", StreamSelection(stdout: true))
      try await fixture.service.remove("web")
      await #expect(throws: ContainerError.self) {
        try await attachment.run(input: AsyncStream<ByteBuffer> { $0.finish() }) { _ in }
      }
    }
  }

  @Test func aLostShimIsAnExit() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create(name: "web")
      try await fixture.service.start("web")
      let wait = try await fixture.service.wait("web", .nextExit)
      await fixture.shims.lose(fixture.paths.bundle(id))
      #expect(try await wait.outcome().status == 137)
      #expect(try fixture.service.inspect("web").state.exit?.error.isEmpty == false)
    }
  }

  @Test func pruneTakesWhatDoesNotRunAndMatches() async throws {
    try await ServiceFixture.run { fixture in
      let kept = try await fixture.create(name: "kept") { $0.configuration.labels = ["keep": "1"] }
      let gone = try await fixture.create(name: "gone")
      let running = try await fixture.create(name: "running")
      try await fixture.service.start("running")
      var request = ContainerPruneRequest()
      request.until = Timestamp(nanoseconds: 1)
      #expect(try await fixture.service.prune(request).ids.isEmpty)
      request.until = .now()
      request.excludedLabels = ["keep=1"]
      let removed = try await fixture.service.prune(request)
      #expect(removed.ids == [gone] && removed.reclaimed == 7)
      var everything = ContainerListRequest()
      everything.all = true
      #expect(Set(try await fixture.service.list(everything).map(\.record.id)) == [kept, running])
    }
  }

  @Test func sizesAreWhatWasWrittenAndTheImage() async throws {
    try await ServiceFixture.run { fixture in
      _ = try await fixture.create(name: "one")
      let record = try fixture.service.inspect("one")
      #expect(try await fixture.service.sizes(of: [record]) == [ContainerSize(written: 7, total: 1007)])
      let place = try await fixture.service.place(of: record)
      #expect(place.data?["MergedDir"] == fixture.paths.bundle(record.id).rootfs && place.data?["UpperDir"] == "/upper")
    }
  }

  @Test func aRunHasIdentifiersOfItsOwn() async throws {
    try await ServiceFixture.run { fixture in
      _ = try await fixture.create(name: "one") { $0.host.networkMode = .host }
      #expect(try fixture.service.inspect("one").places.map(\.networkID) == [""])
      try await fixture.service.start("one")
      let running = try fixture.service.inspect("one")
      #expect(running.places.map(\.networkID) == ["id of host"])
      #expect(running.places.first?.endpoint?.endpointID.count == 64)
      #expect(running.state.running?.sandboxID.count == 64)
      try await fixture.service.kill("one")
      let ended = try fixture.service.inspect("one")
      #expect(ended.places.map(\.networkID) == ["id of host"] && ended.places[0].endpoint == nil)
      let reread = try ContainerRecord(
        id: ended.id, name: ended.name, createdAt: ended.createdAt, imageID: ended.imageID, details: ended.details)
      #expect(reread == ended)
    }
  }
}
