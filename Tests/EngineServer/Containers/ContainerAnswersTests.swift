import Containers
import EngineAPI
import JSON
import NIOCore
import NIOHTTP1
import OCIImageSpec
import Testing

@testable import EngineServer

@Suite struct ContainerAnswersTests {
  private func record(_ state: Containers.ContainerState) throws -> ContainerRecord {
    var configuration = ContainerConfiguration()
    configuration.command = ["sh", "-c", "a b"]
    configuration.exposedPorts = ["443/tcp", "80/tcp"]
    var record = ContainerRecord(
      id: .random(), name: try ContainerName("web"), createdAt: Timestamp(nanoseconds: 5_000_000_000),
      imageName: "busybox",
      image: ContainerImage(id: "sha256:x", chainID: "", configuration: ImageConfiguration()),
      configuration: configuration, host: HostConfiguration())
    record.state = state
    var endpoint = ContainerEndpoint()
    endpoint.address = "10.0.0.2"
    endpoint.ports = [Containers.PortBinding(containerPort: 80, hostAddress: "0.0.0.0", hostPort: 8080)]
    record.places = [NetworkPlace("bridge")]
    if state.running != nil { record.places[0].endpoint = endpoint }
    return record
  }

  private static let running = Containers.ContainerState.running(
    .init(pid: 42, startedAt: Timestamp(nanoseconds: 6_000_000_000)))

  private static let paths = ContainerPaths(dataRoot: "/d", execRoot: "/e")

  @Test func summary() throws {
    let now = Timestamp(nanoseconds: 9_000_000_000)
    let summary = SummaryTranslation.summary(try record(Self.running), paths: Self.paths, now: now, for: .current)
    #expect(summary.names == ["/web"])
    #expect(summary.command == "sh -c 'a b'")
    #expect(summary.created == 5)
    #expect(summary.status == "Up 3 seconds")
    #expect(summary.ports.map(\.privatePort) == [443, 80])
    #expect(summary.ports.map(\.publicPort) == [nil, 8080])
    #expect(summary.networkSettings?.networks?["bridge"]?.ipAddress == "10.0.0.2")
    #expect(
      SummaryTranslation.summary(try record(.created(nil)), paths: Self.paths, now: now, for: .current).ports.isEmpty)
  }

  /// What was encoded for one request is not given to another that has to be told something else.
  @Test func listing() throws {
    let (first, second) = (ListedContainer(try record(Self.running)), ListedContainer(try record(.created(nil))))
    for (seconds, version) in [(9, APIVersion.current), (9, APIVersion(1, 41)), (10, .current), (10, .current)] {
      let now = Timestamp(nanoseconds: Int64(seconds) * 1_000_000_000)
      let fresh = [first, second].map {
        SummaryTranslation.summary($0.record, paths: Self.paths, now: now, for: version)
      }
      #expect(
        SummaryTranslation.encoded([first, second], paths: Self.paths, now: now, for: version)
          == JSONWriter.bytes(fresh))
    }
    #expect(SummaryTranslation.encoded([], paths: Self.paths, now: .now(), for: .current) == Array("[]".utf8))
  }

  @Test func mountedImages() throws {
    var record = try record(.created(nil))
    var image = MountedImage()
    (image.name, image.target, image.subpath) = ("other:1", "/x", "a")
    record.mountedImages = [image]
    var mount = MountRequest()
    (mount.kind, mount.source, mount.target) = (.image, "other:1", "/x")
    record.host.mounts = [mount]
    let points = MountTranslation.points(record, Self.paths)
    let expected =
      #"{"Type":"image","Name":"other:1","Source":"/e/containers/\#(record.id)/images/0","Destination":"/x","Mode":"","#
      + #""RW":false,"Propagation":"rprivate"}"#
    #expect(points.map { JSONWriter.string($0) } == [expected])
  }

  @Test func inspect() throws {
    let record = try record(Self.running)
    let response = InspectTranslation.response(
      record, execs: [], paths: Self.paths,
      runtimes: try RuntimeTable(["r": "/r"], default: "r"), for: .current)
    #expect(response.path == "sh")
    #expect(response.arguments == ["-c", "a b"])
    #expect(response.state.isRunning && response.state.pid == 42)
    #expect(response.state.finishedAt == "0001-01-01T00:00:00Z")
    #expect(response.config.hostname == record.id.short)
    #expect(response.hostConfig.runtime == "r")
    #expect(response.hostConfig.shmSize == 64 << 20)
    #expect(response.logPath == "/d/containers/\(record.id)/\(record.id)-json.log")
    #expect(response.networkSettings.ports["443/tcp"] == PortBindings(nil))
  }

  @Test(
    arguments: [
      (0, "Less than a second"), (1, "1 second"), (59, "59 seconds"), (60, "About a minute"), (119, "About a minute"),
      (120, "2 minutes"), (3599, "59 minutes"), (3600, "About an hour"), (5399, "About an hour"), (5400, "2 hours"),
      (86_400, "24 hours"), (172_800, "2 days"), (1_209_600, "2 weeks"), (5_184_000, "2 months"),
      (63_072_000, "2 years"),
    ] as [(Int64, String)])
  func durations(seconds: Int64, text: String) {
    let end = Timestamp(nanoseconds: seconds * 1_000_000_000)
    #expect(StatusText.duration(from: Timestamp(nanoseconds: 0), to: end) == text)
  }

  @Test(arguments: [
    (ContainerError.notFound("x"), HTTPResponseStatus.notFound), (.execNotFound("x"), .notFound),
    (.imageNotFound("x"), .notFound), (.invalid("x"), .badRequest), (.unsupported("x"), .notImplemented),
    (.conflict("x"), .conflict), (.nameInUse(name: "x", owner: .random()), .conflict), (.notModified, .notModified),
    (.cannotStart(message: "x", status: 127), .badRequest), (.cannotStart(message: "x", status: 126), .badRequest),
    (.cannotStart(message: "x", status: 128), .internalServerError), (.failed("x"), .internalServerError),
  ])
  func statuses(error: ContainerError, status: HTTPResponseStatus) { #expect(error.apiError.status == status) }

  @Test func logFrames() throws {
    let time = Timestamp(nanoseconds: 0)
    var batch = LogBatch()
    batch.append("a\n", .stderr, time, LogEntryAttributes(["b": "c d", "a": "ä&"]))
    #expect(
      Array(LogFormat(Query(), terminal: false).bytes(batch).readableBytesView)
        == [2, 0, 0, 0, 0, 0, 0, 2] + Array("a\n".utf8))
    let stamped = LogFormat(try Query("timestamps=1"), terminal: true).bytes(batch)
    #expect(String(buffer: stamped) == "\(time) a\n")
    let detailed = LogFormat(try Query("details=1"), terminal: true).bytes(batch)
    #expect(String(buffer: detailed) == "a=%C3%A4%26,b=c+d a\n")
  }

  @Test(
    arguments: [
      ("stdout=1&since=1.5", 1_500_000_000), ("stdout=1&since=1700000000", 1_700_000_000_000_000_000),
      ("stdout=1&since=0", nil), ("stdout=1", nil),
    ] as [(String, Int64?)])
  func logTimes(query: String, since: Int64?) throws {
    #expect(try LogQuery.request(try Query(query)).since?.nanoseconds == since)
  }

  @Test(arguments: ["", "stdout=1&since=x", "stdout=1&until=1.x"])
  func refusesLogQueries(query: String) {
    #expect(throws: APIError.self) { try LogQuery.request(try Query(query)) }
  }

  @Test(arguments: ["status=flying", "fly=1", "exited=x", "health=fine", "is-task=x", "expose=x", "publish=http"])
  func refusesFilters(text: String) throws {
    let parts = text.split(separator: "=")
    let query = try Query("filters={\"\(parts[0])\":[\"\(parts[1])\"]}")
    #expect(throws: APIError.self) { try ListTranslation.request(query) }
  }

  @Test func lists() throws {
    let request = try ListTranslation.request(
      try Query("all=1&limit=3&filters={\"status\":{\"exited\":true},\"label\":{\"a=b\":true}}"))
    #expect(request.all && request.limit == 3)
    #expect(request.filter.statuses == [.exited])
    #expect(request.filter.labels == ["a=b"])
  }
}
