internal import JSON
internal import LinuxKernel
internal import ShimProtocol

extension Shim {
  /// Exec sessions at a time, ended ones that are not deleted included.
  private static let execLimit = 1024

  func prepare(_ request: ExecRequest, _ reply: Reply) throws(ShimFailure) {
    guard execs[request.id] == nil else { throw ShimFailure(.conflict, "exec session \(request.id) exists") }
    guard execs.count < Shim.execLimit else { throw ShimFailure(.conflict, "\(execs.count) exec sessions exist") }
    guard !isDeleting else { throw wrongState("exec") }
    let layout = bundle.exec(request.id)
    do throws(SyscallError) {
      try Directory.removeTree(layout.path)
      try Directory.make(layout.path, mode: 0o700)
      try AtomicFile.write(JSONWriter.bytes(request.sizedProcess), to: layout.process, durability: .visible)
    } catch { throw ShimFailure(.system, "\(error)") }
    let traits = ContainerProcess.Traits(
      terminal: request.terminal, stdin: request.stdin, stdinOnce: true, consoleSize: request.consoleSize,
      folder: layout.path, pidFile: layout.pid, exitRecord: layout.exitRecord)
    execs[request.id] = ContainerProcess(traits, log: nil, loop)
    reply(.done)
  }

  func startExec(_ id: ExecID, _ reply: @escaping Reply) throws(ShimFailure) {
    let process = try process(.exec(id))
    guard process.state.status == .prepared, container.isAlive, !isDeleting else {
      throw ShimFailure(
        .conflict,
        "exec session \(id) is \(process.state.status.rawValue), its container \(container.state.status.rawValue)")
    }
    let options = ["--process", bundle.exec(id).process, "--pid-file", process.traits.pidFile, "--detach"]
    try launch(process, "exec", options, [configuration.id], leavesIt: .running, during: .starting, reply)
  }

  func deleteExec(_ id: ExecID, _ reply: Reply) throws(ShimFailure) {
    let process = try process(.exec(id))
    guard process.isSettled || process.state.status == .prepared else {
      throw ShimFailure(.conflict, "exec session \(id) is \(process.state.status.rawValue)")
    }
    do throws(SyscallError) { try Directory.removeTree(bundle.exec(id).path) } catch {
      throw ShimFailure(.system, "\(error)")
    }
    process.deleted()
    execs[id] = nil
    reply(.done)
  }
}

extension ExecRequest {
  /// The process with the terminal's size where the runtime looks for it, so that it is right from the first instruction on.
  fileprivate var sizedProcess: JSONValue {
    guard terminal, let consoleSize, var object = process.object else { return process }
    object["consoleSize"] = .object(
      JSONObject([
        ("height", .number(JSONNumber(consoleSize.height))), ("width", .number(JSONNumber(consoleSize.width))),
      ]))
    return .object(object)
  }
}
