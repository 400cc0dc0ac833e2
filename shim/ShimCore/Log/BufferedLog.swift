internal import LinuxKernel
internal import ShimProtocol

/// Hands records to a process that writes them (`mode=non-blocking`): nothing of the shim ever waits for the disk. Those
/// that find the buffer full are dropped, and counted.
///
/// ```
///  shim                                  writer
///   ├──lost, lengths, records ──pipe──────▶│ files
///   ├──end of the pipe────────────────────▶│
///   │◀──────────────────────────SIGCHLD────┘ everything is written
/// ```
final class BufferedLog: LogSink {
  private let limit: Int
  private let loop: EventLoop
  private let pid: Int32
  private var pipe: WatchedDescriptor?
  private var queue = ByteQueue()
  private var lost = 0
  private var isEnding = false
  private var written: (() -> Void)?
  private let me = WeakReference<BufferedLog>()

  /// Milliseconds that the end of the container waits for the log's.
  private static let patience: Int64 = 2000

  init(
    limit: Int64, _ loop: EventLoop, makeWriter: (EventLoop) throws(SyscallError) -> LogWriter
  ) throws(SyscallError) {
    self.limit = Int(clamping: limit)
    self.loop = loop
    let (input, output) = try BufferedLog.pipe(loop)
    let child = try CurrentProcess.fork()
    if child == nil { LogWriterProcess.run(input.descriptor, makeWriter) }
    pid = child ?? 0
    pipe = output
    me.object = self
    output.handler = { [me] _ in me.object?.flush() }
  }

  deinit { me.object = nil }

  private static func pipe(_ loop: EventLoop) throws(SyscallError) -> (WatchedDescriptor, WatchedDescriptor) {
    var pipe = try Pipe()
    let output = pipe.takeWriteEnd()
    try output.setNonBlocking()
    return (WatchedDescriptor(pipe.takeReadEnd(), loop), WatchedDescriptor(output, loop))
  }

  func append(_ batch: RecordBatch) {
    guard !isEnding, pipe != nil, queue.count + batch.count <= limit || queue.isEmpty else {
      lost += batch.records(after: 0)
      return
    }
    queue.append(BatchMessage.bytes(batch, afterLosing: lost))
    lost = 0
    flush()
  }

  private func flush() {
    guard let pipe else { return }
    do throws(SyscallError) {
      while !queue.isEmpty {
        let count = try queue.withFirst { bytes throws(SyscallError) in try pipe.descriptor.write(bytes) }
        queue.drop(count)
      }
    } catch {
      // The writer is gone: there is nobody else to write.
      if error.errno != .wouldBlock { return close() }
    }
    pipe.watch(queue.isEmpty ? nil : .writable)
    if isEnding, queue.isEmpty { close() }
  }

  private func close() {
    queue = ByteQueue()
    pipe?.watch(nil)
    pipe = nil
  }

  func finish(_ written: @escaping () -> Void) {
    self.written = written
    isEnding = true
    loop.after(milliseconds: BufferedLog.patience) { [me] in me.object?.finished() }
    flush()
  }

  private func finished() {
    written?()
    written = nil
  }

  /// - Returns: whether the child was the writer.
  func childEnded(_ child: Int32) -> Bool {
    guard child == pid else { return false }
    close()
    finished()
    return true
  }
}
