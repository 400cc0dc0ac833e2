import Testing

@testable import Containers

@Suite(.timeLimit(.minutes(1)))
struct ContainerEventTests {
  private func actions(_ fixture: ServiceFixture) -> [String] {
    fixture.repository.events.map { $0.subject == .network ? "network \($0.action)" : $0.action }
  }

  @Test func `a life is told in Docker's order`() async throws {
    try await ServiceFixture.run(shims: FakeShims(obeyed: [9])) { fixture in
      let id = try await fixture.create(name: "web") { $0.configuration.labels = ["tier": "front"] }.text
      try await fixture.service.start(id)
      try await fixture.service.pause(id)
      try await fixture.service.unpause(id)
      try await fixture.service.rename(id, to: "other")
      try await fixture.service.stop(id, timeout: 0)
      try await fixture.service.remove(id)
      #expect(
        actions(fixture) == [
          "create", "network connect", "start", "pause", "unpause", "rename", "kill", "kill", "die",
          "network disconnect", "stop", "destroy",
        ])
      let events = fixture.repository.events
      #expect(events[0].attributes == ["image": "busybox", "name": "web", "tier": "front"])
      #expect(
        events[1].attributes == ["container": id, "name": "bridge", "type": "bridge"] && events[1].id == "id of bridge")
      #expect(events[5].attributes["oldName"] == "/web" && events[5].attributes["name"] == "other")
      #expect(events[6...7].map { $0.attributes["signal"] } == ["15", "9"])
      #expect(events[8].attributes["exitCode"] == "137" && events[8].attributes["execDuration"] == "0")
      #expect(events.allSatisfy { $0.subject == .network || $0.id == id })
    }
  }

  @Test func `a restart is the end, the start and itself`() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create().text
      try await fixture.service.start(id)
      try await fixture.service.restart(id)
      #expect(
        actions(fixture).dropFirst(3) == [
          "kill", "die", "network disconnect", "stop", "network connect", "start", "restart",
        ])
    }
  }

  @Test func `an end for want of memory says so`() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create()
      try await fixture.service.start(id.text)
      let wait = try await fixture.service.wait(id.text, .notRunning)
      await fixture.shims.end(fixture.paths.bundle(id), status: 137, outOfMemory: true)
      _ = try await wait.outcome()
      #expect(actions(fixture).suffix(3) == ["oom", "die", "network disconnect"])
    }
  }

  @Test func `an end that the last daemon did not see is told by the next`() async throws {
    let record = try await ServiceFixture.record(state: .running(.init(pid: 1, startedAt: .now())))
    try await ServiceFixture.run(records: [record]) { fixture in
      try await fixture.service.restore()
      #expect(actions(fixture) == ["die", "network disconnect"])
      #expect(fixture.repository.events[0].attributes["exitCode"] == "255")
    }
  }

  @Test func `a command is told as Docker tells it`() {
    var exec = ExecConfiguration()
    exec.arguments = ["sh", "-c", "exit 3"]
    #expect(exec.commandLine == "sh -c exit 3")
    exec.arguments = ["true"]
    #expect(exec.commandLine == "true ")
  }
}
