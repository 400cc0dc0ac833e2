import Glibc
import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// How a container's processes are scheduled, what time it is for them, and which machine they see. Needs root.
@Suite(.serialized) struct SchedulingTests {
  /// Runs a script in a container whose configuration has `change`.
  private func shell(_ script: String, _ change: (inout Spec) throws -> Void) throws -> RuntimeProgram.Outcome {
    var outcome: RuntimeProgram.Outcome?
    try Bundle.with { spec in
      spec.process?.args = ["/bin/busybox", "sh", "-c", script]
      #expect(throws: Never.self) { try change(&spec) }
    } _: {
      outcome = try $0.run()
    }
    return try #require(outcome)
  }

  private func scheduler(_ json: String) throws -> Scheduler { try Scheduler(jsonText: Array(json.utf8)) }

  /// Fields 19 and 41 of `/proc/PID/stat`: nice and policy.
  private static let statistics = "set -- $(cat /proc/self/stat); shift 18; echo $1; shift 22; echo $1"

  @Test(arguments: [
    (#"{"policy":"SCHED_BATCH","nice":5}"#, ["5", "3"]), (#"{"policy":"SCHED_IDLE"}"#, ["0", "5"]),
    (#"{"policy":"SCHED_OTHER","nice":-3}"#, ["-3", "0"]),
  ])
  func theSchedulerIsSet(json: String, expected: [String]) throws {
    let outcome = try shell(Self.statistics) { $0.process?.scheduler = try scheduler(json) }
    #expect(outcome.lines.map(String.init) == expected, "\(outcome.errors)")
  }

  @Test func theIOPriorityIsSet() throws {
    let outcome = try shell("busybox ionice -p $$") {
      var priority = LinuxIOPriority()
      (priority.class, priority.priority) = ("IOPRIO_CLASS_BE", 6)
      $0.process?.ioPriority = priority
    }
    #expect(outcome.output == "best-effort: prio 6\n", "\(outcome.errors)")
  }

  @Test func thePersonalityIsSetForExecToo() throws {
    try Bundle.with { spec in
      spec.process?.args = ["/bin/sleep", "100"]
      spec.linux?.personality = LinuxPersonality()
      spec.linux?.personality?.domain = "LINUX32"
    } _: { bundle in
      try bundle.start()
      let personality = String(
        decoding: try AtomicFile.read("/proc/\(try bundle.initPID())/personality"), as: UTF8.self)
      #expect(personality == "00000008\n")
      #expect(try bundle.runtime("exec", bundle.id, "cat", "/proc/self/personality").output == "00000008\n")
    }
  }

  @Test func clocksAreTheContainers() throws {
    var offset = LinuxTimeOffset()
    offset.secs = 1_000_000
    try Bundle.with { spec in
      spec.process?.args = ["/bin/sleep", "100"]
      spec.linux?.namespaces.append(LinuxNamespace(.time))
      spec.linux?.timeOffsets = ["monotonic": offset, "boottime": offset]
    } _: { bundle in
      try bundle.start()
      func uptime(_ text: String) throws -> Double {
        try #require(text.split(separator: " ").first.flatMap { Double($0) })
      }
      let host = try uptime(String(decoding: try AtomicFile.read("/proc/uptime"), as: UTF8.self))
      let inside = try bundle.runtime("exec", bundle.id, "cat", "/proc/uptime")
      #expect(try abs(uptime(inside.output) - host - 1_000_000) < 60, "\(inside.errors)")
      let namespaces = try FileDescriptor.open("/proc/\(try bundle.initPID())/ns", .pathOnly)
      let own = try FileDescriptor.open("/proc/self/ns", .pathOnly)
      #expect(try namespaces.symbolicLink(at: "time") != own.symbolicLink(at: "time"))
      try joining("/proc/\(try bundle.initPID())/ns/time", expected: namespaces.symbolicLink(at: "time"))
    }
  }

  private func joining(_ path: String, expected: String) throws {
    let outcome = try shell("busybox readlink /proc/self/ns/time") {
      $0.linux?.namespaces.append(LinuxNamespace(.time, path: path))
    }
    #expect(outcome.output == "\(expected)\n", "\(outcome.errors)")
  }

  @Test func execRunsOnTheProcessorsOfItsAffinity() throws {
    try Bundle.with { spec in
      spec.process?.args = ["/bin/sleep", "100"]
      var affinity = CPUAffinity()
      (affinity.initial, affinity.final) = ("0", "0")
      spec.process?.execCPUAffinity = affinity
    } _: { bundle in
      try bundle.start()
      let inside = try bundle.runtime("exec", bundle.id, "busybox", "grep", "Cpus_allowed_list", "/proc/self/status")
      #expect(inside.output == "Cpus_allowed_list:\t0\n", "\(inside.errors)")
    }
  }

  @Test(arguments: [
    ("process.scheduler.priority", #"{"scheduler":{"policy":"SCHED_FIFO"}}"#),
    ("process.scheduler.priority", #"{"scheduler":{"policy":"SCHED_OTHER","priority":3}}"#),
    ("process.scheduler.nice", #"{"scheduler":{"policy":"SCHED_OTHER","nice":40}}"#),
    ("process.scheduler", #"{"scheduler":{"policy":"SCHED_OTHER","runtime":3}}"#),
    ("process.scheduler.policy", #"{"scheduler":{"policy":"SCHED_MINE"}}"#),
    ("process.ioPriority.class", #"{"ioPriority":{"class":"BEST","priority":1}}"#),
    ("process.ioPriority.priority", #"{"ioPriority":{"class":"IOPRIO_CLASS_BE","priority":8}}"#),
    ("process.execCPUAffinity.final", #"{"execCPUAffinity":{"final":"3-1"}}"#),
  ])
  func whatMakesNoSenseIsRefused(path: String, json: String) throws {
    try Bundle.with { bundle in
      let text = String(decoding: try AtomicFile.read("\(bundle.folder)/config.json"), as: UTF8.self)
      let changed = text.replacing("\"process\":{", with: "\"process\":\(json.dropLast()),")
      try AtomicFile.write(Array(changed.utf8), to: "\(bundle.folder)/config.json")
      let outcome = try bundle.run()
      #expect(outcome.status == 1 && outcome.errors.contains(path), "\(outcome.errors)")
    }
  }
}
