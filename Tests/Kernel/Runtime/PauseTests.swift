import Testing

/// Stopping containers for a while. Needs root; for v1 or hybrid hierarchies and for v2.
@Suite(.serialized) struct PauseTests {
  private func sleeping(_ body: (Bundle) throws -> Void) throws {
    try Bundle.with({ $0.process?.args = ["/bin/sleep", "100"] }, body)
  }

  @Test func aPausedContainerStandsStill() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sh", "-c", "while :; do :; done"]
    } _: { bundle in
      try bundle.start()
      try #require(try bundle.runtime("pause", bundle.id).status == 0)
      #expect(try bundle.status == "paused")
      let time = try bundle.group("cpuacct", v1: "cpuacct.usage", v2: "cpu.stat")
      let list = try bundle.runtime("list")
      #expect(list.output.contains("paused"))
      #expect(try bundle.group("cpuacct", v1: "cpuacct.usage", v2: "cpu.stat") == time)
      try #require(try bundle.runtime("resume", bundle.id).status == 0)
      #expect(try bundle.status == "running")
      #expect(try bundle.runtime("exec", bundle.id, "/bin/true").status == 0)
    }
  }

  @Test func execIsRefusedMeanwhile() throws {
    try sleeping { bundle in
      try bundle.start()
      try bundle.runtime("pause", bundle.id)
      let refused = try bundle.runtime("exec", bundle.id, "/bin/true")
      #expect(refused.status == 255)
      #expect(refused.errors.contains("cannot exec in a paused container (use --ignore-paused to override)"))
    }
  }

  @Test func whatIsNotPausedIsNotResumed() throws {
    try sleeping { bundle in
      try bundle.start()
      let resumed = try bundle.runtime("resume", bundle.id)
      #expect(resumed.status == 1 && resumed.errors.contains("container not paused"))
      try bundle.runtime("pause", bundle.id)
      let again = try bundle.runtime("pause", bundle.id)
      #expect(again.status == 1 && again.errors.contains("container not running"))
    }
  }

  @Test func aCreatedContainerIsPausedAndNotStarted() throws {
    try sleeping { bundle in
      try #require(try bundle.runtime("create", "--bundle", bundle.folder, bundle.id).status == 0)
      try #require(try bundle.runtime("pause", bundle.id).status == 0)
      let started = try bundle.runtime("start", bundle.id)
      #expect(started.status == 1)
      #expect(started.errors.contains("cannot start a container in the paused state"), "\(started.errors)")
      try #require(try bundle.runtime("resume", bundle.id).status == 0)
      #expect(try bundle.status == "created")
      #expect(try bundle.runtime("start", bundle.id).status == 0)
    }
  }

  @Test func aPausedContainerCanBeKilled() throws {
    try sleeping { bundle in
      try bundle.start()
      try bundle.runtime("pause", bundle.id)
      try #require(try bundle.runtime("kill", bundle.id, "KILL").status == 0)
      try bundle.waitFor("stopped")
    }
  }

  /// The fixture deletes it by force.
  @Test func aPausedContainerCanBeDeleted() throws {
    try sleeping { bundle in
      try bundle.start()
      try bundle.runtime("pause", bundle.id)
      #expect(try bundle.runtime("delete", bundle.id).errors.contains("that is not stopped: paused"))
    }
  }
}
