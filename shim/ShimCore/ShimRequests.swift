internal import JSON
internal import LinuxKernel
internal import ShimProtocol

extension Shim {
  typealias Reply = (ShimReply) -> Void

  /// Carries out `request` and calls `reply` once, now or later.
  /// - Returns: what withdraws a request whose client is gone; what was begun is finished all the same.
  func serve(_ request: ShimRequest, _ reply: @escaping Reply) -> () -> Void {
    do throws(ShimFailure) {
      switch request {
      case .create: try create(reply)
      case .start: try start(reply)
      case .signal(let signal): try send(signal, reply)
      case .closeStdin(let process): try closeStdin(try self.process(process), reply)
      case .resize(let resize): try self.resize(resize, reply)
      case .exec(let exec): try prepare(exec, reply)
      case .execStart(let id): try startExec(id, reply)
      case .execDelete(let id): try deleteExec(id, reply)
      case .wait(let process): return try wait(process, reply)
      case .state: reply(.state(state))
      case .health(let sequence): return try reportHealth(after: sequence, reply)
      case .names: reply(.names(try serveNames()))
      case .stopHealthCheck:
        health?.stop()
        reply(.done)
      case .pause: try freeze("pause", reply)
      case .resume: try freeze("resume", reply)
      case .update(let resources): try update(resources, reply)
      case .delete: try delete(reply)
      case .attach: throw ShimFailure(.invalid, "attach is a matter of the connection")
      }
    } catch { reply(.failure(error)) }
    return {}
  }

  func process(_ reference: ProcessReference) throws(ShimFailure) -> ContainerProcess {
    switch reference {
    case .container: return container
    case .exec(let id):
      guard let exec = execs[id] else { throw ShimFailure(.notFound, "no exec session \(id)") }
      return exec
    }
  }

  private var state: ShimState {
    var state = ShimState()
    state.id = configuration.id
    state.shimPid = CurrentProcess.pid
    state.container = container.state
    state.isPaused = isPaused
    state.execs = execs.sorted { $0.key.text < $1.key.text }.map { ExecState(id: $0.key, process: $0.value.state) }
    return state
  }

  private func serveNames() throws(ShimFailure) -> NamePorts {
    if let names { return names.ports }
    guard container.isAlive, let pid = container.state.pid else { throw wrongState("names") }
    do throws(SyscallError) {
      let server = try NameServer(pid: pid, names: bundle.names, loop)
      names = server
      return server.ports
    } catch { throw ShimFailure(.system, "\(error)") }
  }

  private func send(_ request: SignalRequest, _ reply: @escaping Reply) throws(ShimFailure) {
    let process = try process(request.process)
    guard process.isAlive, let pid = process.state.pid else {
      throw ShimFailure(.conflict, "the process is not running")
    }
    if request.all {
      let arguments = ["--all", configuration.id, "\(request.number)"]
      return runner.run(
        RuntimeCommand(name: "kill", arguments: arguments) { result in
          reply(ShimReply(result))
        })
    }
    // Nobody else reaps it, so the number is still its own.
    do throws(SyscallError) { try Signal(rawValue: request.number).send(to: pid) } catch {
      throw ShimFailure(.system, "\(error)")
    }
    reply(.done)
  }

  /// Stops every process of the container where it is, or lets them go on.
  private func freeze(_ name: String, _ reply: @escaping Reply) throws(ShimFailure) {
    guard container.state.status == .running else { throw wrongState(name) }
    if name == "pause" { health?.suspend() }
    let command = RuntimeCommand(name: name, arguments: [configuration.id]) { [self] result in
      // A container that has ended is as free as it will ever be.
      if case .failure = result, name == "pause" || container.state.exit == nil {
        if !isPaused { health?.resume() }
        return reply(ShimReply(result))
      }
      isPaused = name == "pause"
      if !isPaused { health?.resume() }
      reply(.done)
    }
    runner.run(command)
  }

  /// Limits for a container that runs. The runtime reads them from a file, so that nothing has to be written to its input.
  private func update(_ resources: JSONValue, _ reply: @escaping Reply) throws(ShimFailure) {
    guard container.state.status == .running else { throw wrongState("update") }
    let path = bundle.resources
    do throws(SyscallError) {
      try AtomicFile.write(JSONWriter.bytes(resources), to: path, durability: .visible)
    } catch { throw ShimFailure(.system, "\(error)") }
    let arguments = ["--resources", path, configuration.id]
    runner.run(
      RuntimeCommand(name: "update", arguments: arguments) { [self] result in
        do throws(SyscallError) { try Directory.removeTree(path) } catch { loop.report("after update: \(error)") }
        reply(ShimReply(result))
      })
  }

  private func closeStdin(_ process: ContainerProcess, _ reply: Reply) throws(ShimFailure) {
    guard !process.traits.terminal else { throw ShimFailure(.conflict, "a terminal's input has no end") }
    process.input.endAfterFlush()
    reply(.done)
  }

  private func resize(_ request: ResizeRequest, _ reply: Reply) throws(ShimFailure) {
    let process = try process(request.process)
    do throws(SyscallError) {
      if try process.streams?.resize(request.size) == true { return reply(.done) }
    } catch { throw ShimFailure(.system, "\(error)") }
    throw ShimFailure(.conflict, "the process has no terminal, or is not running")
  }

  private func wait(_ reference: ProcessReference, _ reply: @escaping Reply) throws(ShimFailure) -> () -> Void {
    try process(reference).wait { result in
      switch result {
      case .success(let record): reply(.exited(record))
      case .failure(let failure): reply(.failure(failure))
      }
    }
  }
}

extension ShimReply {
  init(_ result: Result<Void, ShimFailure>) {
    switch result {
    case .success: self = .done
    case .failure(let failure): self = .failure(failure)
    }
  }
}
