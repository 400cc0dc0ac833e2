internal import LinuxKernel
internal import ShimProtocol

/// One run of a health check: a process in the container whose end is awaited, but not for ever.
final class HealthProbe {
  struct Outcome {
    /// 0 if the container is well, -1 if the probe did not come to its end.
    var exitCode: Int32 = -1
    /// How its process ended, `nil` if there was none.
    var status: Int32?
    var output = ""
  }

  private let process: ContainerProcess
  /// Has the runtime make the process.
  private let launch: (ContainerProcess, @escaping (ShimReply) -> Void) -> Void
  private let loop: EventLoop
  private var output = ProbeOutput()
  private var deadline: EventLoop.Timer?
  private var timeout: Int64 = 0
  private var isOverdue = false
  private var isAbandoned = false
  private let me = WeakReference<HealthProbe>()

  init(
    _ process: ContainerProcess, _ loop: EventLoop,
    launch: @escaping (ContainerProcess, @escaping (ShimReply) -> Void) -> Void
  ) {
    self.process = process
    self.loop = loop
    self.launch = launch
    me.object = self
  }

  deinit { me.object = nil }

  /// Whether a child of the shim is this probe's.
  func owns(_ pid: Int32) -> Bool { process.isAlive && process.state.pid == pid }

  func exited(_ status: ExitStatus) { process.exited(status) }

  /// - Parameter timeout: nanoseconds after which the probe is killed.
  /// - Parameter ended: called once, unless the probe is abandoned.
  func run(timeout: Int64, ended: @escaping (Outcome) -> Void) {
    self.timeout = timeout
    process.tap = { [me] in me.object?.output.append($0) }
    launch(process) { [self] reply in
      if isAbandoned { return kill() }
      if case .failure(let failure) = reply { return ended(HealthProbe.outcome(failure)) }
      deadline = loop.after(milliseconds: HealthMonitor.milliseconds(timeout)) { [me] in me.object?.expire() }
      _ = process.wait { [me] in me.object?.settled($0, ended) }
    }
  }

  /// Nobody wants to know any more.
  func abandon() {
    isAbandoned = true
    if let deadline { loop.cancel(deadline) }
    if process.isAlive { kill() }
  }

  private static func outcome(_ failure: ShimFailure) -> Outcome {
    Outcome(output: failure.code == .runtime ? "OCI runtime exec failed: \(failure.message)" : failure.message)
  }

  private func settled(_ result: Result<ExitRecord, ShimFailure>, _ ended: (Outcome) -> Void) {
    if let deadline { loop.cancel(deadline) }
    guard !isAbandoned else { return }
    switch result {
    case .failure(let failure): ended(HealthProbe.outcome(failure))
    case .success(let record) where isOverdue: ended(Outcome(status: record.status, output: overdueText))
    case .success(let record): ended(Outcome(exitCode: record.status, status: record.status, output: output.text))
    }
  }

  /// In Docker's words.
  private var overdueText: String {
    let text = output.text
    return "Health check exceeded timeout (\(GoDuration.text(timeout)))" + (text.isEmpty ? "" : ": \(text)")
  }

  private func expire() {
    isOverdue = true
    kill()
  }

  /// And what it has started: runtimes give each process that they make a session, and so a group, of its own.
  private func kill() {
    guard let pid = process.state.pid, process.isAlive else { return }
    let ways: [(Int32) throws(SyscallError) -> Void] = [Signal.kill.send(toGroup:), Signal.kill.send(to:)]
    for send in ways {
      do throws(SyscallError) { try send(pid) } catch {
        if error.errno != .noProcess { loop.report("cannot kill a health check: \(error)") }
      }
    }
  }
}

/// The beginning of what a probe has written, both streams together.
struct ProbeOutput {
  private var bytes: [UInt8] = []
  private var isCut = false

  mutating func append(_ chunk: some Collection<UInt8>) {
    let room = ProbeResult.outputLimit - bytes.count
    bytes += chunk.prefix(room)
    if chunk.count > room { isCut = true }
  }

  /// With dots for what is missing, as Docker has it.
  var text: String { String(decoding: bytes, as: UTF8.self) + (isCut ? "..." : "") }
}
