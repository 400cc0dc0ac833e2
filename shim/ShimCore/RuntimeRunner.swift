internal import LinuxKernel
internal import ShimProtocol

/// A command of the OCI runtime that is to be run.
struct RuntimeCommand {
  /// `create`.
  var name: String
  /// What follows the name.
  var arguments: [String]
  /// `nil` for `/dev/null`, with standard error kept for an error message.
  var streams: CommandStreams?
  /// What was said on standard error, if `streams` lead elsewhere.
  var errorText: () -> String = { "" }
  var completion: (Result<Void, ShimFailure>) -> Void
}

/// Runs the runtime's commands one after the other. Never waits: the end of a command is an event like any other.
final class RuntimeRunner {
  private struct Running {
    var command: RuntimeCommand
    var pid: Int32
    var deadline: EventLoop.Timer
    var isOverdue = false
    var log: RuntimeLog
  }

  private let configuration: ShimConfiguration
  private let bundle: BundleLayout
  private let loop: EventLoop
  private var queue: [RuntimeCommand] = []
  private var running: Running?

  init(_ configuration: ShimConfiguration, _ bundle: BundleLayout, _ loop: EventLoop) {
    self.configuration = configuration
    self.bundle = bundle
    self.loop = loop
  }

  /// Whether a command runs, so that a child that nobody knows yet may be one that it leaves behind.
  var isBusy: Bool { running != nil }

  func run(_ command: RuntimeCommand) {
    queue.append(command)
    startNext()
  }

  /// Tells that a child has ended.
  /// - Returns: what to do once everything else about ended children is known, `nil` if the child is not the command.
  func childEnded(_ pid: Int32, _ status: ExitStatus) -> (() -> Void)? {
    guard let ended = running, ended.pid == pid else { return nil }
    loop.cancel(ended.deadline)
    return { [self] in
      running = nil
      ended.command.completion(result(of: ended, status))
      startNext()
    }
  }

  private func startNext() {
    guard running == nil, !queue.isEmpty else { return }
    let command = queue.removeFirst()
    do throws(SyscallError) { running = try spawn(command) } catch {
      command.completion(.failure(ShimFailure(.system, "\(command.name): \(error)")))
      startNext()
    }
  }

  private func spawn(_ command: RuntimeCommand) throws(SyscallError) -> Running {
    var command = command
    let log = try RuntimeLog(bundle.runtimeLog)
    if command.streams == nil { try attachErrorPipe(to: &command) }
    guard let streams = command.streams else { throw SyscallError("pipe2", errno: .invalid) }
    let arguments =
      [configuration.runtime] + configuration.runtimeArguments
      + ["--log", bundle.runtimeLog, "--log-format", "json", command.name] + command.arguments
    let pid = try ChildProcess.spawn(
      configuration.runtime, arguments, stdin: streams.stdin, stdout: streams.stdout, stderr: streams.stderr)
    // The process's ends of its pipes must not stay open here, or their end would never come.
    command.streams = nil
    let deadline = loop.after(milliseconds: Int64(configuration.runtimeTimeout) * 1000) { [self] in kill() }
    return Running(command: command, pid: pid, deadline: deadline, log: log)
  }

  private func attachErrorPipe(to command: inout RuntimeCommand) throws(SyscallError) {
    var pipe = try Pipe()
    let ours = pipe.takeReadEnd()
    try ours.setNonBlocking()
    let source = OutputSource(ours, .stderr, isTerminal: false, loop)
    command.streams = CommandStreams(
      stdin: try CommandStreams.null(), stdout: try CommandStreams.null(), stderr: pipe.takeWriteEnd())
    command.errorText = { source.take(limit: 4 << 10) }
  }

  private func kill() {
    guard running != nil, let pid = running?.pid else { return }
    running?.isOverdue = true
    do throws(SyscallError) { try Signal.kill.send(toGroup: pid) } catch {
      loop.report("cannot kill the runtime: \(error)")
    }
  }

  private func result(of ended: Running, _ status: ExitStatus) -> Result<Void, ShimFailure> {
    if status == .exited(0) { return .success(()) }
    let name = ended.command.name
    if ended.isOverdue {
      return .failure(ShimFailure(.timeout, "\(name): no end after \(configuration.runtimeTimeout) s"))
    }
    let text = ended.log.lastError() ?? ended.command.errorText().trimmed
    return .failure(ShimFailure(.runtime, text.isEmpty ? "\(name): \(status)" : text))
  }
}

extension String {
  /// Without white space at the end.
  fileprivate var trimmed: String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
