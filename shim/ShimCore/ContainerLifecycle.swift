internal import LinuxKernel
internal import ShimProtocol

extension ContainerProcess.Traits {
  init(_ configuration: ShimConfiguration, _ bundle: BundleLayout) {
    self.init(
      terminal: configuration.terminal, stdin: configuration.stdin, stdinOnce: configuration.stdinOnce,
      consoleSize: configuration.consoleSize, folder: bundle.path, pidFile: bundle.initPid,
      exitRecord: bundle.exitRecord, hasMemoryCgroup: true)
  }
}

extension Shim {
  func create(_ reply: @escaping Reply) throws(ShimFailure) {
    guard container.state.status == .prepared, !isDeleting else { throw wrongState("create") }
    let arguments = ["--bundle", bundle.path, "--pid-file", bundle.initPid]
    try launch(container, "create", arguments, [configuration.id], leavesIt: .created, during: .creating, reply)
  }

  func start(_ reply: @escaping Reply) throws(ShimFailure) {
    guard container.state.status == .created, !isDeleting else { throw wrongState("start") }
    container.state.status = .starting
    let command = RuntimeCommand(name: "start", arguments: [configuration.id]) { [self] result in
      // It may have run to its end already. Why it was not started is told below.
      if container.state.status == .starting {
        container.state.status = (try? result.get()) == nil ? .created : .running
      }
      if container.state.status == .running { beginHealthCheck() }
      reply(ShimReply(result))
    }
    runner.run(command)
  }

  /// Runs a command that makes a process with standard streams of its own.
  func launch(
    _ process: ContainerProcess, _ name: String, _ options: [String], _ operands: [String],
    leavesIt after: ProcessStatus, during: ProcessStatus, _ reply: @escaping Reply
  ) throws(ShimFailure) {
    let streams: ProcessStreams
    do throws(SyscallError) { streams = try makeStreams(process) } catch { throw ShimFailure(.system, "\(error)") }
    process.state.status = during
    let console = streams.console.map { ["--console-socket", $0.address] } ?? []
    var command = RuntimeCommand(name: name, arguments: options + console + operands) { [self] result in
      do throws(ShimFailure) {
        try result.get()
        reply(.process(pid: try launched(process, streams, after)))
      } catch {
        process.launchFailed()
        reply(.failure(error))
      }
    }
    command.streams = streams.takeCommandStreams()
    if command.streams != nil { command.errorText = { streams.readError() } }
    runner.run(command)
  }

  private func makeStreams(_ process: ContainerProcess) throws(SyscallError) -> ProcessStreams {
    // What an earlier attempt left must not be taken for this one's.
    try Directory.removeTree(process.traits.pidFile)
    if process.traits.terminal {
      return try .terminal(input: process.input, in: process.traits.folder, loop)
    }
    return try .pipes(input: process.input, opensInput: process.traits.stdin, loop)
  }

  private func launched(
    _ process: ContainerProcess, _ streams: ProcessStreams, _ status: ProcessStatus
  ) throws(ShimFailure) -> Int32 {
    let pid = try readPid(process.traits.pidFile)
    do throws(SyscallError) {
      try streams.receiveTerminal(opensInput: process.traits.stdin, size: process.traits.consoleSize)
    } catch { throw ShimFailure(.runtime, "the runtime has sent no terminal: \(error)") }
    process.streams = streams
    identify(process, pid, status)
    return pid
  }

  private func readPid(_ path: String) throws(ShimFailure) -> Int32 {
    do throws(SyscallError) {
      let text = String(decoding: try AtomicFile.read(path, limit: 32), as: UTF8.self)
      if let pid = Int32(text.prefix { $0 != "\n" }), pid > 0 { return pid }
    } catch { throw ShimFailure(.runtime, "the runtime has left no process id: \(error)") }
    throw ShimFailure(.runtime, "\(path) holds no process id")
  }

  func wrongState(_ request: String) -> ShimFailure {
    ShimFailure(.conflict, "\(request) is not possible while the container is \(container.state.status.rawValue)")
  }

  // MARK: - Delete

  func delete(_ reply: @escaping Reply) throws(ShimFailure) {
    guard !isDeleting else { throw ShimFailure(.conflict, "the container is being deleted already") }
    isDeleting = true
    health?.stop()
    let command = RuntimeCommand(name: "delete", arguments: ["--force", configuration.id]) { [self] result in
      switch result {
      case .success: awaitExits(deadline: .now + 10_000, reply)
      case .failure(let failure):
        isDeleting = false
        reply(.failure(failure))
      }
    }
    runner.run(command)
  }

  /// The runtime has killed everything; that it is so is known when it was reaped.
  private func awaitExits(deadline: MonotonicTime, _ reply: @escaping Reply) {
    let alive = ([container] + execs.values).filter { $0.isAlive || ($0.state.exit != nil && !$0.isSettled) }
    guard alive.isEmpty || deadline < .now else {
      loop.after(milliseconds: 5) { [self] in awaitExits(deadline: deadline, reply) }
      return
    }
    for process in [container] + execs.values { process.deleted() }
    leave()
    reply(.done)
    stopWhenSent()
  }
}
