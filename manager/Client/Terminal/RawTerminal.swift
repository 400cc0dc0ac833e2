internal import LinuxKernel

/// The client's terminal, for a while without echo, line editing and signals of its own.
struct RawTerminal: Sendable {
  /// Runs `body` with the terminal at the process's input in raw mode, and puts it back whatever happens. Without
  /// a terminal there, it only runs it.
  static func run<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
  ) async throws -> Result {
    let terminal = try FileDescriptor.standard(0)
    guard let mode = TerminalMode(of: terminal.number) else { return try await body() }
    try mode.raw.apply(to: terminal.number)
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    try mode.apply(to: terminal.number)
    return try result.get()
  }

  /// Whether the process's input is a terminal.
  static var isInputTerminal: Bool {
    // Nothing that is closed is a terminal.
    (try? FileDescriptor.standard(0).isTerminal) ?? false
  }

  /// - Throws: ``ClientError/noTerminal`` if `process` is to have the client's terminal, which there is none of.
  static func require(for process: ProcessOptions) throws(ClientError) {
    guard !process.tty || isInputTerminal else { throw .noTerminal }
  }

  /// The size in characters of the terminal at the process's output or input; `nil` if neither is one.
  static var size: (columns: UInt16, rows: UInt16)? {
    for number: Int32 in [1, 0] {
      // What is no terminal has no size.
      if let size = try? FileDescriptor.standard(number).terminalSize(), size.columns > 0 { return size }
    }
    return nil
  }
}
