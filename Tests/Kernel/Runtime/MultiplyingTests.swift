import Glibc
import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Containers whose processes multiply all the time. Needs root; for v1 or hybrid hierarchies and for v2.
@Suite(.serialized) struct MultiplyingTests {
  /// Runs `body` while some 200 processes start others that start others; without a pid namespace nothing but the group
  /// holds them together. They wait for a byte each until all are there: those that multiply already leave the others no
  /// time to start on a slow machine.
  private func forking(_ body: (Bundle) throws -> Void) throws {
    let forker = "trap '' TERM; read line <&3; exec 3<&-; while :; do (busybox true & busybox true); done"
    let script = """
      busybox mkfifo /dev/shm/start; exec 3<>/dev/shm/start
      n=0; while [ $n -lt 200 ]; do (busybox setsid busybox sh -c "\(forker)" &); n=$((n+1)); done
      busybox yes '' | busybox head -n 200 >&3; exec busybox sleep 1000
      """
    try Bundle.with { spec in
      spec.process?.args = ["/bin/sh", "-c", script]
      spec.linux?.namespaces.removeAll { $0.type == .pid }
    } _: { bundle in
      try bundle.configure { spec in #expect(throws: Never.self) { try spec.limit(#"{"pids":{"limit":900}}"#) } }
      try bundle.start()
      let deadline = Deadline(afterMilliseconds: 120_000)
      while try tasks(bundle) < 300 {
        try #require(!deadline.hasPassed, "they do not multiply")
        deadline.pause(milliseconds: 20)
      }
      try body(bundle)
    }
  }

  private func tasks(_ bundle: Bundle) throws -> Int {
    Int(try bundle.group("pids", v1: "pids.current", v2: "pids.current")) ?? 0
  }

  /// The fixture finds no group and no state left.
  @Test func aContainerIsRemovedUnderLoad() throws {
    try forking { bundle in
      let deleted = try bundle.runtime("delete", "--force", bundle.id)
      #expect(deleted.status == 0, "\(deleted.errors)")
    }
  }

  @Test func nobodyEscapesASignalToAll() throws {
    try forking { bundle in
      let killed = try bundle.runtime("kill", "--all", bundle.id, "KILL")
      #expect(killed.status == 0, "\(killed.errors)")
      try bundle.waitFor("stopped")
      let deadline = Deadline(afterMilliseconds: 20_000)
      while try tasks(bundle) > 0 {
        try #require(!deadline.hasPassed, "some are left")
        deadline.pause(milliseconds: 20)
      }
    }
  }

  @Test func aPauseStopsThemAll() throws {
    try forking { bundle in
      let paused = try bundle.runtime("pause", bundle.id)
      try #require(paused.status == 0, "\(paused.errors)")
      let before = try bundle.runtime("ps", "--format", "json", bundle.id).output
      Deadline(afterMilliseconds: 200).pause(milliseconds: 200)
      let after = try bundle.runtime("ps", "--format", "json", bundle.id).output
      #expect(before == after)
      #expect(try bundle.runtime("resume", bundle.id).status == 0)
      #expect(try bundle.status == "running")
    }
  }
}
