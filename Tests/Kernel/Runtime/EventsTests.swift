import Glibc
import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// `events`. Needs root; for v1 or hybrid hierarchies and for v2.
@Suite(.serialized) struct EventsTests {
  private func sleeping(_ body: (Bundle) throws -> Void) throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { bundle in
      try bundle.configure { spec in
        #expect(throws: Never.self) { try spec.limit(#"{"memory":{"limit":33554432},"pids":{"limit":20}}"#) }
      }
      try bundle.start()
      try body(bundle)
    }
  }

  private func number(_ json: JSONValue, _ path: String...) -> UInt64? {
    let value = path.reduce(Optional(json)) { $0?[$1] }
    if case .number(let number)? = value { return UInt64(number.text) }
    return nil
  }

  @Test func statisticsAreOnce() throws {
    try sleeping { bundle in
      let outcome = try bundle.runtime("events", "--stats", bundle.id)
      try #require(outcome.status == 0 && outcome.lines.count == 1, "\(outcome.errors)")
      let event = try JSONReader.read(String(outcome.lines[0]))
      #expect(event["type"]?.string == "stats" && event["id"]?.string == bundle.id)
      let data = try #require(event["data"])
      #expect(number(data, "pids", "current") == 1 && number(data, "pids", "limit") == 20)
      #expect(number(data, "memory", "usage", "limit") == 33_554_432)
      #expect(number(data, "memory", "usage", "usage") ?? 0 > 0)
      #expect(number(data, "cpu", "usage", "total") ?? 0 > 0)
      #expect(Bundle.isUnified || data["cpuset"]?["cpus"]?.array?.isEmpty == false)
      #expect(data["memory"]?["raw"]?.object?.isEmpty == false)
    }
  }

  /// The same members as runc's, whatever their values.
  @Test func theFormIsRuncs() throws {
    func form(_ program: String) throws -> Set<String> {
      var found: Set<String> = []
      try Bundle.with(program: program) {
        $0.process?.args = ["/bin/sleep", "100"]
      } _: { bundle in
        try bundle.start()
        let line = try #require(try bundle.runtime("events", "--stats", bundle.id).lines.first)
        collect(try JSONReader.read(String(line)), "", &found)
      }
      return found
    }
    func collect(_ json: JSONValue, _ path: String, _ found: inout Set<String>) {
      found.insert(path)
      // Later runcs than Debian's have more; those that are 0 are left out.
      for (name, value) in json.object?.members ?? [] where !["psi", "max", "usage", "cache"].contains(name) {
        collect(value, "\(path).\(name)", &found)
      }
    }
    let (ours, theirs) = (try form(RuntimeProgram.path), try form(RuntimeProgram.runc()))
    #expect(ours.subtracting(theirs).sorted() == [] && theirs.subtracting(ours).sorted() == [])
  }

  /// Statistics in intervals until the container has ended, and the kill between them.
  @Test func eventsComeUntilTheEnd() throws {
    try Bundle.with { spec in
      let hog =
        "while [ ! -e /go ]; do busybox sleep 0.05; done; exec busybox dd if=/dev/zero of=/dev/null bs=64M count=1"
      spec.process?.args = ["/bin/sh", "-c", hog]
    } _: { bundle in
      try bundle.configure { spec in
        #expect(throws: Never.self) { try spec.limit(#"{"memory":{"limit":16777216,"swap":16777216}}"#) }
      }
      try bundle.start()
      let output = "\(bundle.folder)/events"
      let null = try FileDescriptor.open("/dev/null", .readWrite)
      let file = try FileDescriptor.open(output, [.writeOnly, .create])
      let pid = try ChildProcess.spawn(
        RuntimeProgram.path, ["proa-runtime", "--root", bundle.root, "events", "--interval", "50ms", bundle.id],
        stdin: null, stdout: file, stderr: null)
      let deadline = Deadline(afterMilliseconds: 20_000)
      while try AtomicFile.read(output).split(separator: UInt8(ascii: "\n")).count < 2 {
        try #require(!deadline.hasPassed, "no statistics in time")
        deadline.pause(milliseconds: 20)
      }
      try AtomicFile.write([], to: "\(bundle.folder)/rootfs/go")
      let ended = try #require(try Processes.reap(pid))
      #expect(ended.status == .exited(0))
      let lines = String(decoding: try AtomicFile.read(output), as: UTF8.self).split(separator: "\n")
      let events = try lines.map { try JSONReader.read(String($0)) }
      #expect(Set(events.compactMap { $0["type"]?.string }) == ["stats", "oom"])
      #expect(
        events.filter { $0["type"]?.string == "oom" } == [
          .object(JSONObject([("type", .string("oom")), ("id", .string(bundle.id))]))
        ])
      try bundle.waitFor("stopped")
      let late = try bundle.runtime("events", bundle.id)
      #expect(late.status == 1 && late.errors.contains("container with id \(bundle.id) is not running"))
    }
  }

  @Test(
    arguments: [
      ("0s", "duration interval must be greater than 0"), ("soon", "is no duration"), ("5", "is no duration"),
      ("1h2x", "is no duration"),
    ]) func intervalsThatAreNone(interval: String, reason: String) throws
  {
    try sleeping { bundle in
      let outcome = try bundle.runtime("events", "--interval", interval, bundle.id)
      #expect(outcome.status == 1 && outcome.errors.contains(reason), "\(outcome.errors)")
    }
  }
}
