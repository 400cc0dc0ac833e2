internal import LinuxKernel
internal import ShimProtocol

/// Writes records to the log's files and compresses those that are full: whatever may wait for a disk.
final class LogWriter: LogSink {
  private let file: LogFile
  private let compressor: LogCompressor?

  init(_ configuration: LogConfiguration, path: String, _ format: any LogFormat, _ loop: EventLoop) throws(SyscallError)
  {
    let rotation = LogRotation(maximumSize: configuration.maximumSize, maximumFiles: configuration.maximumFiles)
    file = try LogFile(path: path, format: format, rotation: rotation)
    compressor =
      configuration.compresses ? LogCompressor(path, maximumFiles: configuration.maximumFiles, loop) : nil
    file.rotated = { [compressor] in compressor?.begin() }
    compressor?.begin()
  }

  func append(_ batch: RecordBatch) { file.append(batch) }

  func append(_ batch: RecordBatch, afterLosing lost: Int) {
    if lost > 0 { file.lose(lost, "the disk was too slow") }
    file.append(batch)
  }

  func finish(_ written: @escaping () -> Void) { written() }

  /// - Returns: whether the child was one that compressed a file.
  func childEnded(_ pid: Int32, _ status: ExitStatus) -> Bool { compressor?.childEnded(pid, status) ?? false }

  func stop() { compressor?.stop() }
}
