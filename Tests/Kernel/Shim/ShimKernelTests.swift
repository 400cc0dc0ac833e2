import JSON
import LinuxKernel
import ShimProtocol
import Testing

/// `proa-shim` with a runtime and containers, as root on a real kernel. Busybox's shell finds its own applets.
@Suite(.serialized) struct ShimKernelTests {
  @Test(
    arguments: [("exit 0", 0, nil), ("exit 7", 7, nil), ("kill -9 $$; sleep 9", 137, 9)] as [(String, Int32, Int32?)])
  func exitStatusIsRecordedBeforeItIsTold(command: String, status: Int32, signal: Int32?) throws {
    // Without a pid namespace, where a shell can kill itself although nobody else reaps it.
    try ContainerFixture.run(command, .init(pidNamespace: signal == nil)) { container in
      try container.createAndStart()
      let record = try container.wait()
      #expect(record.status == status)
      #expect(record.signal == signal)
      #expect(!record.outOfMemory)
      let written = try ExitRecord(jsonText: AtomicFile.read(container.bundle.exitRecord))
      #expect(written == record)
      let state = try container.state().container
      #expect(state.status == .stopped && state.exit == record)
    }
  }

  @Test func outputIsSeparatedLoggedAndSentToEveryClient() throws {
    let command = "echo out; echo err >&2; printf 'no end'"
    try ContainerFixture.run(command) { container in
      let clients = try [container.attach(), container.attach()]
      try container.createAndStart()
      for client in clients {
        let output = try client.collect()
        #expect(output.stdoutText == "out\nno end")
        #expect(output.stderrText == "err\n")
        #expect(output.reason == .exited)
      }
      _ = try container.wait()
      let log = try container.log()
      #expect(log.filter { $0.0 == "stdout" }.map(\.1) == ["out\n", "no end"])
      #expect(log.filter { $0.0 == "stderr" }.map(\.1) == ["err\n"])
    }
  }

  @Test func everyByteArrivesAndIsLogged() throws {
    try ContainerFixture.run("seq 1 200000") { container in
      let client = try container.attach(lossless: true)
      try container.createAndStart()
      let expected = (1...200_000).map { "\($0)\n" }
      let output = try client.collect()
      #expect(output.stdoutText == expected.joined())
      _ = try container.wait()
      let log = try container.log()
      #expect(log.map(\.1) == expected)
    }
  }

  @Test func inputReachesTheProcessAndEndsWithItsClient() throws {
    try ContainerFixture.run("cat", .init(stdin: true, stdinOnce: true)) { container in
      let client = try container.attach(stdin: true)
      try container.createAndStart()
      try client.send(Frame(.stdin, Array("one\n".utf8)).bytes)
      let echo = try client.read(until: "one\n")
      #expect(echo.stdoutText == "one\n")
      try client.send(Frame(.stdin, Array("two".utf8)).bytes)
      try client.shutdownWriting()
      let rest = try client.collect()
      #expect(rest.stdoutText == "two")
      #expect(rest.reason == .exited)
    }
  }

  @Test func inputStaysOpenUntilItIsClosed() throws {
    try ContainerFixture.run("cat", .init(stdin: true)) { container in
      let reader = try container.attach()
      try container.createAndStart()
      for word in ["one\n", "two\n"] {
        let writer = try container.attach(stdin: true)
        try writer.send(Frame(.stdin, Array(word.utf8)).bytes)
        writer.close()
        _ = try reader.read(until: word)
      }
      let reply = try container.client().request(.closeStdin(.container))
      #expect(reply == .done)
      let record = try container.wait()
      #expect(record.status == 0)
    }
  }

  @Test func terminalHasTheSizeItIsGiven() throws {
    let size = TerminalSize(height: 33, width: 111)
    try ContainerFixture.run("stty size; read x; stty size", .init(terminal: true, stdin: true, consoleSize: size)) {
      container in
      let client = try container.attach(stdin: true)
      try container.createAndStart()
      _ = try client.read(until: "33 111\r\n")
      let reply = try container.client().request(.resize(ResizeRequest(size: TerminalSize(height: 20, width: 50))))
      #expect(reply == .done)
      try client.send(Frame(.stdin, [0x0A]).bytes)
      let output = try client.collect()
      #expect(output.stdoutText.hasSuffix("20 50\r\n"))
    }
  }

  @Test func bundleMayHaveALongPath() throws {
    try ContainerFixture.run(
      "stty size", .init(terminal: true, consoleSize: .init(height: 5, width: 6), longPath: true)
    ) {
      container in
      let client = try container.attach()
      try container.createAndStart()
      let output = try client.collect()
      #expect(output.stdoutText == "5 6\r\n")
    }
  }

  @Test func clientsOfAProcessThatCannotBeMadeAreLetGo() throws {
    try ContainerFixture.run("sleep 1000") { container in
      try container.createAndStart()
      let id = try #require(ExecID("e1"))
      let client = try container.client()
      let process = JSONValue.object(JSONObject([("args", .array([.string("/nonexistent")])), ("cwd", .string("/"))]))
      let prepared = try client.request(.exec(ExecRequest(id: id, process: process)))
      #expect(prepared == .done)
      let attached = try container.attach(.exec(id))
      guard case .failure(let failure) = try client.request(.execStart(id)) else {
        throw ShimClient.Failure(description: "started")
      }
      #expect(failure.code == .runtime && failure.message.contains("/nonexistent"))
      let output = try attached.collect()
      #expect(output.reason == .failed)
    }
  }

  @Test func execSessionsHaveTheirOwnStreamsAndRecords() throws {
    try ContainerFixture.run("sleep 1000") { container in
      try container.createAndStart()
      let id = try #require(ExecID("e1"))
      let client = try container.client()
      let process = ContainerFixture.process("cat; echo err >&2; exit 9")
      let prepared = try client.request(.exec(ExecRequest(id: id, process: process, stdin: true)))
      #expect(prepared == .done)
      let attached = try container.attach(.exec(id), stdin: true)
      guard case .process = try client.request(.execStart(id)) else { throw ShimClient.Failure(description: "no exec") }
      try attached.send(Frame(.stdin, Array("in".utf8)).bytes)
      try attached.shutdownWriting()
      let output = try attached.collect()
      #expect(output.stdoutText == "in")
      #expect(output.stderrText == "err\n")
      let record = try container.wait(.exec(id))
      #expect(record.status == 9)
      let log = try container.log()
      #expect(log.isEmpty)
      let deleted = try client.request(.execDelete(id))
      #expect(deleted == .done)
      let folder = try FileStatus.of(container.bundle.exec(id).path)
      #expect(folder == nil)
    }
  }

  @Test func execTerminalHasTheSizeFromTheStart() throws {
    try ContainerFixture.run("sleep 1000") { container in
      try container.createAndStart()
      let id = try #require(ExecID("e1"))
      let request = ExecRequest(
        id: id, process: ContainerFixture.process("stty size", terminal: true), terminal: true,
        consoleSize: TerminalSize(height: 11, width: 22))
      let client = try container.client()
      let prepared = try client.request(.exec(request))
      #expect(prepared == .done)
      let attached = try container.attach(.exec(id))
      _ = try client.request(.execStart(id))
      let output = try attached.collect()
      #expect(output.stdoutText == "11 22\r\n")
    }
  }

  @Test func failureOfTheRuntimeIsToldInItsOwnWords() throws {
    try ContainerFixture.run("true") { container in
      try AtomicFile.write(Array("{}".utf8), to: container.bundle.configuration)
      let reply = try container.client().request(.create)
      guard case .failure(let failure) = reply else { throw ShimClient.Failure(description: "\(reply)") }
      #expect(failure.code == .runtime)
      #expect(failure.message.count > 5 && !failure.message.contains("exited("))
      let state = try container.state().container
      #expect(state == ProcessState(status: .prepared))
    }
  }

  @Test func memoryKillIsRecorded() throws {
    let command = "x=x; while true; do x=$x$x$x$x; done"
    try ContainerFixture.run(command, .init(memory: 16 << 20)) { container in
      try container.createAndStart()
      let record = try container.wait()
      #expect(record.outOfMemory)
      #expect(record.status == 137)
    }
  }
}
