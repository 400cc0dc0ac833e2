import JSON
import ShimProtocol
import Testing

@Suite struct MessageTests {
  static let exec = ExecRequest(
    id: ExecID("e1")!, process: .object(JSONObject([("args", .array([.string("sh")]))])), terminal: true, stdin: true,
    consoleSize: TerminalSize(height: 24, width: 80))

  static let requests: [(ShimRequest, String)] = [
    (.create, #"{"request":"create"}"#),
    (.start, #"{"request":"start"}"#),
    (.signal(SignalRequest(number: 15)), #"{"request":"signal","arguments":{"process":"","number":15}}"#),
    (
      .signal(SignalRequest(number: 9, process: .exec(ExecID("e1")!), all: true)),
      #"{"request":"signal","arguments":{"process":"e1","number":9,"all":true}}"#
    ),
    (
      .attach(AttachRequest(stdin: true, stdout: true, stderr: false)),
      #"{"request":"attach","arguments":{"process":"","stdin":true,"stdout":true}}"#
    ),
    (.closeStdin(.container), #"{"request":"closeStdin","arguments":""}"#),
    (
      .resize(ResizeRequest(size: TerminalSize(height: 24, width: 80))),
      #"{"request":"resize","arguments":{"process":"","height":24,"width":80}}"#
    ),
    (
      .exec(exec),
      #"{"request":"exec","arguments":{"id":"e1","process":{"args":["sh"]},"terminal":true,"stdin":true,"#
        + #""consoleSize":{"height":24,"width":80}}}"#
    ),
    (.execStart(ExecID("e1")!), #"{"request":"execStart","arguments":"e1"}"#),
    (.execDelete(ExecID("e1")!), #"{"request":"execDelete","arguments":"e1"}"#),
    (.wait(.exec(ExecID("a.b-c_1")!)), #"{"request":"wait","arguments":"a.b-c_1"}"#),
    (.state, #"{"request":"state"}"#),
    (.health(after: 7), #"{"request":"health","arguments":7}"#),
    (.stopHealthCheck, #"{"request":"stopHealthCheck"}"#),
    (.pause, #"{"request":"pause"}"#),
    (.resume, #"{"request":"resume"}"#),
    (
      .update(.object(JSONObject([("pids", .object(JSONObject([("limit", .number(JSONNumber(-1)))])))]))),
      #"{"request":"update","arguments":{"pids":{"limit":-1}}}"#
    ),
    (.names, #"{"request":"names"}"#),
    (.delete, #"{"request":"delete"}"#),
  ]

  @Test(arguments: requests)
  func requestsRoundTrip(request: ShimRequest, text: String) throws {
    #expect(JSONWriter.string(request) == text)
    #expect(try ShimRequest(jsonText: Array(text.utf8)) == request)
  }

  static let record = ExitRecord(status: 137, signal: 9, exitedAt: "2024-01-02T03:04:05.123456789Z", outOfMemory: true)

  static var state: ShimState {
    var state = ShimState()
    state.id = "c1"
    state.shimPid = 3
    state.container = ProcessState(status: .stopped, pid: 4, exit: record)
    state.execs = [ExecState(id: ExecID("e1")!, process: ProcessState(status: .running, pid: 5))]
    return state
  }

  static var report: HealthReport {
    var report = HealthReport()
    report.sequence = 4
    report.status = .unhealthy
    report.failingStreak = 3
    report.begun = 2
    var result = ProbeResult(number: 1, start: "2024-01-02T03:04:05.000000000Z", end: "2024-01-02T03:04:06.000000000Z")
    (result.exitCode, result.processStatus, result.output) = (-1, 137, "slow")
    report.log = [result]
    return report
  }

  static let replies: [(ShimReply, String)] = [
    (.done, #"{"reply":"done"}"#),
    (.process(pid: 4711), #"{"reply":"process","arguments":4711}"#),
    (
      .exited(record),
      #"{"reply":"exited","arguments":{"status":137,"signal":9,"exitedAt":"2024-01-02T03:04:05.123456789Z","#
        + #""outOfMemory":true}}"#
    ),
    (
      .state(state),
      #"{"reply":"state","arguments":{"version":1,"id":"c1","shimPid":3,"container":{"status":"stopped","pid":4,"exit":"#
        + #"{"status":137,"signal":9,"exitedAt":"2024-01-02T03:04:05.123456789Z","outOfMemory":true}},"execs":["#
        + #"{"id":"e1","status":"running","pid":5}]}}"#
    ),
    (
      .health(report),
      #"{"reply":"health","arguments":{"sequence":4,"status":"unhealthy","failingStreak":3,"log":[{"number":1,"#
        + #""start":"2024-01-02T03:04:05.000000000Z","end":"2024-01-02T03:04:06.000000000Z","exitCode":-1,"#
        + #""processStatus":137,"output":"slow"}],"begun":2}}"#
    ),
    (.names(NamePorts(udp: 1053, tcp: 2053)), #"{"reply":"names","arguments":{"udp":1053,"tcp":2053}}"#),
    (
      .failure(ShimFailure(.notFound, "no exec e2")),
      #"{"reply":"failure","arguments":{"code":"notFound","message":"no exec e2"}}"#
    ),
  ]

  @Test(arguments: replies)
  func repliesRoundTrip(reply: ShimReply, text: String) throws {
    #expect(JSONWriter.string(reply) == text)
    #expect(try ShimReply(jsonText: Array(text.utf8)) == reply)
  }

  @Test(arguments: [ShimEvent.Reason.exited, .slow, .invalid, .failed, .deleted])
  func eventsRoundTrip(reason: ShimEvent.Reason) throws {
    let text = #"{"event":"closed","arguments":"\#(reason.rawValue)"}"#
    #expect(JSONWriter.string(ShimEvent.closed(reason)) == text)
    #expect(try ShimEvent(jsonText: Array(text.utf8)) == .closed(reason))
  }

  @Test(arguments: [
    (#"{"request":"explode"}"#, "request"),
    (#"{"arguments":1}"#, "request"),
    (#"{"request":7}"#, "request"),
    (#"{"request":"signal"}"#, "arguments"),
    (#"{"request":"signal","arguments":{"number":65}}"#, "arguments.number"),
    (#"{"request":"resize","arguments":{"height":-1,"width":80}}"#, "arguments.height"),
    (#"{"request":"attach","arguments":{"stdin":"yes"}}"#, "arguments.stdin"),
    (#"{"request":"execStart","arguments":"../../etc"}"#, "arguments"),
    (#"{"request":"exec","arguments":{"id":"","process":{}}}"#, "arguments.id"),
    (#"{"request":"exec","arguments":{"id":"a"}}"#, "arguments.process"),
    ("[]", ""),
  ])
  func malformedRequestNamesItsCulprit(text: String, path: String) throws {
    let error = try #require(throws: JSONError.self) { try ShimRequest(jsonText: Array(text.utf8)) }
    #expect(error.path == path)
  }

  @Test func unknownMembersAreIgnored() throws {
    #expect(try ShimRequest(jsonText: Array(#"{"request":"state","since":"later"}"#.utf8)) == .state)
  }

  @Test(arguments: [
    ("a", true), ("0.b_c-D", true), ("", false), (".", false), ("..", false), ("a/b", false), ("-a", false),
    (String(repeating: "x", count: 128), true), (String(repeating: "x", count: 129), false), ("é", false),
  ])
  func execIdentifiersAreNeverPaths(text: String, valid: Bool) {
    #expect((ExecID(text) != nil) == valid)
  }
}
