import JSON
import LinuxKernel
import ShimProtocol
import Testing

/// What the shim must survive: clients that vanish, dawdle or talk nonsense, signals, processes left behind.
@Suite(.serialized) struct ShimSurvivalTests {
  @Test func containerRunsOnWhileNobodyIsConnected() throws {
    try ContainerFixture.run("for i in 1 2 3 4 5 6 7 8 9; do echo $i; sleep 0.05; done; exit 5") { container in
      let client = try container.attach()
      try container.createAndStart()
      _ = try client.read(until: "2\n")
      client.close()
      try container.poll("no exit record") { try FileStatus.of(container.bundle.exitRecord) != nil }
      let record = try container.wait()
      #expect(record.status == 5)
      let log = try container.log()
      #expect(log.map(\.1) == (1...9).map { "\($0)\n" })
    }
  }

  @Test func slowReaderIsCutOffAndNobodyWaits() throws {
    try ContainerFixture.run("yes | head -c 8000000; exit 3", .init(log: false)) { container in
      let slow = try container.attach()
      let fast = try container.attach(lossless: true)
      try container.createAndStart()
      let all = try fast.collect()
      #expect(all.stdout.count == 8_000_000)
      let record = try container.wait()
      #expect(record.status == 3)
      let part = try slow.collect()
      #expect(part.reason == .slow)
      #expect(part.stdout.count < 8_000_000 && all.stdout.starts(with: part.stdout))
    }
  }

  @Test func losslessReaderHoldsTheProcessUntilItReadsOrGoes() throws {
    try ContainerFixture.run("yes | head -c 8000000; exit 3", .init(log: false)) { container in
      let gone = try container.attach(lossless: true)
      let held = try container.attach(lossless: true)
      try container.createAndStart()
      let first = try #require(try held.next())
      let status = try container.state().container.status
      #expect(status == .running)
      gone.close()
      let rest = try held.collect()
      #expect(first.payload.count + rest.stdout.count == 8_000_000)
      #expect(rest.reason == .exited)
    }
  }

  /// As a foreground client that was stopped: what it did not read is kept for it, and nobody else waits for that.
  @Test func endWaitsForNoReader() throws {
    try ContainerFixture.run("exec yes", .init(log: false)) { container in
      let held = try container.attach(lossless: true)
      try container.createAndStart()
      let pid = try #require(try container.state().container.pid)
      var written = [0]
      try container.poll("the process does not wait for its reader") {
        written.append(try Self.bytesWritten(by: pid))
        return written.last! > 1 << 18 && written.suffix(5).allSatisfy { $0 == written.last }
      }
      let reply = try container.client().request(.signal(SignalRequest(number: 9)))
      #expect(reply == .done)
      let record = try container.wait()
      #expect(record.status == 137)
      let rest = try held.collect()
      #expect(rest.reason == .exited)
      // What the runtime wrote before it became the program, to files of its own, is less than a page.
      #expect(rest.stdout.count > written.last! - 4096)
    }
  }

  private static func bytesWritten(by pid: Int32) throws -> Int {
    let counters = String(decoding: try AtomicFile.read("/proc/\(pid)/io"), as: UTF8.self)
    let line = try #require(counters.split(separator: "\n").first { $0.hasPrefix("wchar: ") })
    return try #require(Int(line.dropFirst(7)))
  }

  @Test(
    arguments: [
      [0x47, 0x45, 0x54, 0x20], [16, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], [16, 1, 0, 0, 0, 0, 0, 0],
      Frame(.request, Array("{".utf8)).bytes, Frame(.request, Array(#"{"request":"no"}"#.utf8)).bytes,
      Frame(.stdin, [1]).bytes, Frame(.request, Array(String(repeating: "[", count: 5000).utf8)).bytes,
    ] as [[UInt8]])
  func nonsenseIsRefusedAndHarmsNobody(bytes: [UInt8]) throws {
    try ContainerFixture.run("sleep 1000") { container in
      try container.createAndStart()
      let client = try container.client()
      try client.send(bytes)
      let frame = try #require(try client.next())
      guard case .failure(let failure) = try ShimReply(jsonText: frame.payload) else {
        throw ShimClient.Failure(description: "accepted")
      }
      #expect(failure.code == .invalid)
      let end = try client.next()
      #expect(end == nil)
      let status = try container.state().container.status
      #expect(status == .running)
    }
  }

  @Test func halfAFrameAndAVanishedWaiterAreForgotten() throws {
    try ContainerFixture.run("sleep 1000") { container in
      try container.createAndStart()
      for _ in 0..<300 {
        let client = try container.client()
        try client.send(Frame(.request, JSONWriter.bytes(ShimRequest.wait(.container))).bytes + [16, 0, 0])
        client.close()
      }
      let status = try container.state().container.status
      #expect(status == .running)
    }
  }

  @Test func whoFindsEveryConnectionTakenWaitsForOne() throws {
    try ContainerFixture.run("sleep 1000") { container in
      let held = try (0..<300).map { _ in try container.client() }
      let late = try container.client()
      try late.send(Frame(.request, JSONWriter.bytes(ShimRequest.state)).bytes)
      held.forEach { $0.close() }
      let frame = try #require(try late.next())
      guard case .state = try ShimReply(jsonText: frame.payload) else {
        throw ShimClient.Failure(description: "no state")
      }
    }
  }

  @Test func terminationSignalIsIgnoredWhileTheContainerRuns() throws {
    try ContainerFixture.run("sleep 1000") { container in
      try container.createAndStart()
      let pid = try container.state().shimPid
      for signal in [Signal.terminate, .interrupt, .hangUp, .quit] { try signal.send(to: pid) }
      let state = try container.state()
      #expect(state.shimPid == pid && state.container.status == .running)
      let reply = try container.client().request(.signal(SignalRequest(number: 9)))
      #expect(reply == .done)
      let record = try container.wait()
      #expect(record.status == 137 && record.signal == 9)
    }
  }

  @Test func processLeftBehindDoesNotHoldUpTheExit() throws {
    try ContainerFixture.run("sleep 1000 & exit 4", .init(pidNamespace: false)) { container in
      let client = try container.attach()
      try container.createAndStart()
      let record = try container.wait()
      #expect(record.status == 4)
      let output = try client.collect()
      #expect(output.reason == .exited)
    }
  }

  @Test(arguments: [
    (ShimRequest.start, ShimFailure.Code.conflict), (.signal(SignalRequest(number: 15)), .conflict),
    (.resize(ResizeRequest(size: TerminalSize(height: 1, width: 1))), .conflict),
  ])
  func requestOutOfTurnIsAConflict(request: ShimRequest, code: ShimFailure.Code) throws {
    try ContainerFixture.run("true") { container in
      guard case .failure(let failure) = try container.client().request(request) else {
        throw ShimClient.Failure(description: "accepted")
      }
      #expect(failure.code == code)
    }
  }

  /// A manager that comes back must not take the end of what it never started for the end of a run.
  @Test func whatIsKilledBeforeItsStartNeverRan() throws {
    try ContainerFixture.run("true") { container in
      let client = try container.client()
      guard case .process = try client.request(.create) else { throw ShimClient.Failure(description: "not created") }
      let reply = try client.request(.signal(SignalRequest(number: 9)))
      #expect(reply == .done)
      _ = try container.wait()
      let state = try container.state().container
      #expect(state.neverRan && state.status == .stopped)
      let record = try FileStatus.of(container.bundle.exitRecord)
      #expect(record == nil)
    }
  }

  @Test func secondShimIsRefused() throws {
    try ContainerFixture.run("true") { container in
      let null = try FileDescriptor.open("/dev/null", .readWrite)
      let pid = try ChildProcess.spawn(
        ContainerFixture.shim, [ContainerFixture.shim, "--bundle", container.bundle.path], stdin: null, stdout: null,
        stderr: null)
      let ended = try #require(try Processes.reap(pid))
      #expect(ended.status == .exited(1))
    }
  }

  @Test func socketIsForItsOwnerAlone() throws {
    try ContainerFixture.run("true") { container in
      let status = try #require(try FileStatus.of(container.bundle.socket))
      #expect(status.permissions == 0o600)
    }
  }
}
