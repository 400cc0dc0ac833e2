internal import LinuxKernel

/// The process behind a ``BufferedLog``: writes what it is handed until the pipe ends.
final class LogWriterProcess {
  private let loop: EventLoop
  private let writer: LogWriter
  private let signals: SignalDescriptor
  private let pipe: FileDescriptor
  private let batch = RecordBatch()

  static func run(
    _ input: borrowing FileDescriptor, _ makeWriter: (EventLoop) throws(SyscallError) -> LogWriter
  ) -> Never {
    do throws(SyscallError) {
      try detach(input)
      try LogWriterProcess(makeWriter).serve()
      CurrentProcess.exit(0)
    } catch { CurrentProcess.exit(1) }
  }

  /// Only the pipe is kept, as standard input: whoever waits for one of the shim's to be closed is not to wait for this.
  private static func detach(_ input: borrowing FileDescriptor) throws(SyscallError) {
    try CurrentProcess.redirect(0, to: input)
    let null = try FileDescriptor.open("/dev/null", .readWrite)
    for standard: Int32 in 1...2 { try CurrentProcess.redirect(standard, to: null) }
    try CurrentProcess.closeInherited()
  }

  private init(_ makeWriter: (EventLoop) throws(SyscallError) -> LogWriter) throws(SyscallError) {
    loop = try EventLoop()
    signals = try SignalDescriptor([.child])
    pipe = FileDescriptor(owning: 0)
    writer = try makeWriter(loop)
  }

  private func serve() throws(SyscallError) {
    loop.whenIdle = { [batch] in
      batch.releaseMemory()
      CurrentProcess.releaseMemory()
    }
    let watches = [
      loop.register(signals.descriptor, .readable) { [self] _ in reap() },
      loop.register(pipe, .readable) { [self] _ in receive() },
    ]
    guard !watches.contains(nil) else { return }
    try loop.run()
    writer.stop()
  }

  private func receive() {
    do throws(SyscallError) {
      guard let lost = try BatchMessage.read(pipe, into: batch) else { return loop.stop() }
      writer.append(batch, afterLosing: lost)
      batch.removeAll()
    } catch { loop.stop() }
  }

  private func reap() {
    while signals.next() != nil {}
    do throws(SyscallError) {
      while let (pid, status) = try Processes.reap(-1, block: false) { _ = writer.childEnded(pid, status) }
    } catch {
      // ECHILD: all have been reaped.
    }
  }
}
