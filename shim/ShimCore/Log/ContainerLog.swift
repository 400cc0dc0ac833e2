internal import LinuxKernel
internal import ShimProtocol

/// The log of one container: both streams, in the order in which their pieces were read.
final class ContainerLog {
  private let format: any LogFormat
  private let sink: any LogSink
  /// One of the two that the sink is.
  private let writer: LogWriter?
  private let buffered: BufferedLog?
  private let batch = RecordBatch()
  private var stdout = LogLineSplitter()
  private var stderr = LogLineSplitter()

  /// `nil` if the configuration says that there is no log.
  init?(_ configuration: LogConfiguration, _ loop: EventLoop) throws(SyscallError) {
    guard let path = configuration.path, let format = ContainerLog.format(configuration) else { return nil }
    self.format = format
    let makeWriter = { (loop: EventLoop) throws(SyscallError) in
      try LogWriter(configuration, path: path, format, loop)
    }
    if let limit = configuration.buffer {
      let log = try BufferedLog(limit: limit, loop, makeWriter: makeWriter)
      (sink, writer, buffered) = (log, nil, log)
    } else {
      let log = try makeWriter(loop)
      (sink, writer, buffered) = (log, log, nil)
    }
  }

  private static func format(_ configuration: LogConfiguration) -> (any LogFormat)? {
    switch configuration.driver {
    case .jsonFile: JSONFileFormat(attributes: configuration.attributes)
    case .local: LocalFormat()
    case .none: nil
    }
  }

  func append(_ chunk: UnsafeRawBufferPointer, _ stream: OutputStream) {
    let now = WallTime.now
    switch stream {
    case .stdout: stdout.split(chunk, at: now) { add($0, .stdout) }
    case .stderr: stderr.split(chunk, at: now) { add($0, .stderr) }
    }
    flush()
  }

  /// Writes the lines that have not ended.
  /// - Parameter written: called when readers can find everything.
  func finish(_ written: @escaping () -> Void) {
    let now = WallTime.now
    stdout.finish(at: now) { add($0, .stdout) }
    stderr.finish(at: now) { add($0, .stderr) }
    flush()
    sink.finish(written)
  }

  private func add(_ piece: LogPiece, _ stream: OutputStream) {
    batch.add(piece, stream, format)
    if batch.count >= RecordBatch.enough { flush() }
  }

  private func flush() {
    guard batch.count > 0 else { return }
    sink.append(batch)
    batch.removeAll()
  }

  // MARK: - Around it

  /// - Returns: whether the child was one that writes or compresses files.
  func childEnded(_ pid: Int32, _ status: ExitStatus) -> Bool {
    buffered?.childEnded(pid) ?? writer?.childEnded(pid, status) ?? false
  }

  func releaseMemory() { batch.releaseMemory() }

  func stop() { writer?.stop() }
}
