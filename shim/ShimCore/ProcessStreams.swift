internal import LinuxKernel
internal import ShimProtocol

/// The standard streams of one process of the container: pipes, or a terminal.
final class ProcessStreams {
  private(set) var sources: [OutputSource] = []
  private let loop: EventLoop
  private let input: InputSink
  /// The process's ends until the runtime has them.
  private var command: CommandStreams?
  /// With a terminal: where its master arrives.
  private(set) var console: ConsoleSocket?
  private var master: FileDescriptor?

  private init(_ input: InputSink, _ loop: EventLoop) {
    self.input = input
    self.loop = loop
  }

  // MARK: - Pipes

  /// - Parameter opensInput: whether the process can be given input at all.
  static func pipes(
    input: InputSink, opensInput: Bool, _ loop: EventLoop
  ) throws(SyscallError) -> ProcessStreams {
    let streams = ProcessStreams(input, loop)
    let stdout = try streams.outputPipe(.stdout)
    let stderr = try streams.outputPipe(.stderr)
    let stdin = opensInput ? try streams.inputPipe() : try CommandStreams.null()
    streams.command = CommandStreams(stdin: stdin, stdout: stdout, stderr: stderr)
    return streams
  }

  private func outputPipe(_ stream: OutputStream) throws(SyscallError) -> FileDescriptor {
    var pipe = try Pipe()
    let ours = pipe.takeReadEnd()
    try ours.setNonBlocking()
    sources.append(OutputSource(ours, stream, isTerminal: false, loop))
    return pipe.takeWriteEnd()
  }

  private func inputPipe() throws(SyscallError) -> FileDescriptor {
    var pipe = try Pipe()
    let ours = pipe.takeWriteEnd()
    try ours.setNonBlocking()
    input.connect(ours)
    return pipe.takeReadEnd()
  }

  // MARK: - Terminal

  /// - Parameter folder: where the socket for the terminal's master is made.
  static func terminal(
    input: InputSink, in folder: String, _ loop: EventLoop
  ) throws(SyscallError) -> ProcessStreams {
    let streams = ProcessStreams(input, loop)
    streams.console = try ConsoleSocket(in: folder)
    return streams
  }

  /// Takes the master that the runtime has sent.
  func receiveTerminal(opensInput: Bool, size: TerminalSize?) throws(SyscallError) {
    guard let console else { return }
    let master = try console.receive()
    self.console = nil
    if let size { try master.setTerminalSize(columns: size.width, rows: size.height) }
    sources = [OutputSource(try master.duplicate(), .stdout, isTerminal: true, loop)]
    if opensInput { input.connect(try master.duplicate()) }
    self.master = consume master
  }

  /// - Returns: `false` if there is no terminal.
  func resize(_ size: TerminalSize) throws(SyscallError) -> Bool {
    guard master != nil else { return false }
    try master?.setTerminalSize(columns: size.width, rows: size.height)
    return true
  }

  // MARK: - Both

  /// What the runtime's command is started with; `nil` if the process gets a terminal.
  func takeCommandStreams() -> CommandStreams? {
    defer { command = nil }
    return command
  }

  /// What was written to standard error so far, cut to 4 KiB: a runtime that failed may have said why.
  func readError() -> String {
    sources.first { $0.stream == .stderr }?.take(limit: 4 << 10) ?? ""
  }
}
