import JSON
import Testing

@testable import ContainerRuntime

@Suite struct RecordTests {
  @Test func survivesItsFile() throws {
    var record = ContainerRecord()
    record.id = "c"
    record.ociVersion = "1.3.0"
    record.pid = 42
    record.startTime = 1 << 60
    record.created = Timestamp.now().description
    record.bundle = "/b"
    record.rootfs = "/b/rootfs"
    record.annotations = ["a": "b"]
    record.cgroupPaths = ["memory": "/sys/fs/cgroup/memory/c", "": "/sys/fs/cgroup/unified/c"]
    record.hasHooks = true
    #expect(try ContainerRecord(jsonText: JSONWriter.bytes(record)) == record)
  }

  @Test func aStoppedContainerHasNoPID() {
    var record = ContainerRecord()
    record.pid = 42
    #expect(record.state(.running).pid == 42)
    #expect(record.state(.stopped).pid == 0)
  }

  @Test(arguments: [
    (0, 0, "1970-01-01T00:00:00.000000000Z"), (951_782_400, 5, "2000-02-29T00:00:00.000000005Z"),
    (1_795_228_799, nil, "2026-11-21T02:39:59Z"), (4_107_542_399, 999_999_999, "2100-02-28T23:59:59.999999999Z"),
    (4_107_542_400, nil, "2100-03-01T00:00:00Z"),
  ]) func timestamps(_ seconds: Int, _ nanoseconds: Int?, _ text: String) {
    #expect(Timestamp(seconds: seconds, nanoseconds: nanoseconds).description == text)
  }

  @Test func messagesSurviveTheSocket() {
    for message in [
      HandshakeMessage.proceed, .cloned(pid: 7), .runHooks, .ready, .mapIDs, .listening, .failed("mounts[3]: no"),
    ] {
      #expect(HandshakeMessage(message.bytes) == message)
    }
    #expect(HandshakeMessage([]) == nil)
    #expect(HandshakeMessage([9]) == nil)
    #expect(HandshakeMessage([2, 0x2D, 0x31]) == nil)
  }

  @Test func processesAreKnownByTheirStart() throws {
    let stat = Array("7 (a) b (c)) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 9 9".utf8)
    #expect(ProcessIdentity.parse(stat, pid: 7) == ProcessIdentity(pid: 7, startTime: 12345))
    let zombie = Array("7 (a) Z 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 9 9".utf8)
    #expect(ProcessIdentity.parse(zombie, pid: 7) == nil)
    #expect(ProcessIdentity.parse(Array("nonsense".utf8), pid: 7) == nil)
  }
}
