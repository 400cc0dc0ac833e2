import OCIRuntimeSpec
import ShimProtocol
import Testing

@testable import Containers

@Suite struct ContainerUpdateTests {
  private static func resources(_ change: (inout Resources) -> Void) -> Resources {
    var resources = Resources()
    change(&resources)
    return resources
  }

  static let refused: [(String, @Sendable (inout Resources) -> Void, @Sendable (inout Resources) -> Void)] = [
    ("Nano CPUs cannot be updated as CPU Period has already been set", { $0.cpuPeriod = 1_000 }, { $0.nanoCPUs = 1 }),
    ("Nano CPUs cannot be updated as CPU Quota has already been set", { $0.cpuQuota = 1_000 }, { $0.nanoCPUs = 1 }),
    ("CPU Period cannot be updated as NanoCPUs has already been set", { $0.nanoCPUs = 1 }, { $0.cpuPeriod = 1_000 }),
    ("CPU Quota cannot be updated as NanoCPUs has already been set", { $0.nanoCPUs = 1 }, { $0.cpuQuota = 1_000 }),
    ("Memory limit should be smaller than already set memoryswap limit", { _ in }, { $0.memory = 8 << 20 }),
    ("Memory limit should be smaller", { $0.memory = 8 << 20 }, { $0.memory = 17 << 20 }),
  ]

  @Test(arguments: refused)
  func whatDoesNotGoTogether(
    message: String, has: @Sendable (inout Resources) -> Void, wants: @Sendable (inout Resources) -> Void
  ) throws {
    let error = #expect(throws: ContainerError.self) {
      try Self.resources(has).changed(by: Self.resources(wants))
    }
    guard case .conflict(let text) = try #require(error) else { return #expect(Bool(false), "\(error!)") }
    #expect(text.contains(message))
  }

  @Test func swapStaysAsItWasWhenMemoryChanges() throws {
    let changed = try Self.resources { $0.memory = 8 << 20 }.changed(by: Self.resources { $0.memory = 12 << 20 })
    #expect(changed.memory == 12 << 20)
    #expect(changed.memorySwap == 16 << 20)
  }

  @Test func whatIsNotNamedStays() throws {
    let old = Self.resources {
      $0.cpuShares = 512
      $0.cpusetCPUs = "0"
      $0.pids = 9
      $0.ulimits = [Ulimit(name: "nofile", soft: 1, hard: 2)]
    }
    #expect(try old.changed(by: Resources()) == old)
    let changed = try old.changed(by: Self.resources { $0.cpusetCPUs = "0-1" })
    #expect(changed.cpusetCPUs == "0-1" && changed.cpuShares == 512 && changed.pids == 9)
  }

  @Test func theRuntimeIsToldOfControllersThatChange() throws {
    let old = Self.resources {
      $0.memory = 8 << 20
      $0.memorySwappiness = 10
      $0.pids = 9
      $0.cpuQuota = 5_000
    }
    let new = try old.changed(
      by: Self.resources {
        $0.memorySwap = 9 << 20
        $0.pids = 0
      })
    let update = SpecResources.update(from: old, to: new)
    #expect(update.memory?.limit == 8 << 20 && update.memory?.swap == 9 << 20 && update.memory?.swappiness == nil)
    #expect(update.pids?.limit == -1)
    #expect(update.cpu == nil)
    #expect(SpecResources.update(from: old, to: old) == LinuxResources())
  }

  @Test func theRecordOfAContainerChangesWhetherItRunsOrNot() async throws {
    try await ServiceFixture.run { fixture in
      _ = try await fixture.create(name: "web") { $0.host.resources.memory = 8 << 20 }
      var change = ContainerUpdate()
      change.resources.memory = 7 << 20
      #expect(try await fixture.service.update("web", change).isEmpty)
      #expect(await fixture.shims.updates.isEmpty)
      try await fixture.service.start("web")
      change.resources.pids = 5
      _ = try await fixture.service.update("web", change)
      #expect(await fixture.shims.updates == [#"{"pids":{"limit":5}}"#])
      #expect(try await fixture.repository.all().first?.host.resources.pids == 5)
      #expect(try fixture.service.inspect("web").host.resources.memory == 7 << 20)
    }
  }

  @Test func whatTheRuntimeRefusesIsNotRecorded() async throws {
    try await ServiceFixture.run(shims: FakeShims(updateFailure: ShimFailure(.runtime, "device busy"))) { fixture in
      let id = try await fixture.create(name: "web")
      try await fixture.service.start("web")
      var change = ContainerUpdate()
      change.resources.pids = 5
      await #expect(throws: ContainerError.failed("Cannot update container \(id): device busy")) {
        try await fixture.service.update("web", change)
      }
      #expect(try fixture.service.inspect("web").host.resources.pids == nil)
    }
  }

  @Test func limitsThatCannotBeAreRefused() async throws {
    try await ServiceFixture.run { fixture in
      _ = try await fixture.create(name: "web") { $0.host.resources.memory = 8 << 20 }
      for wrong: (inout Resources) -> Void in [
        { $0.memory = 1 }, { $0.cpusetCPUs = "7" }, { $0.memorySwap = 7 << 20 }, { $0.cpuPeriod = 1 },
      ] {
        var change = ContainerUpdate()
        wrong(&change.resources)
        await #expect(throws: ContainerError.self) { try await fixture.service.update("web", change) }
      }
      #expect(try fixture.service.inspect("web").host.resources.memory == 8 << 20)
    }
  }
}
