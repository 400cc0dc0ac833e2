internal import LinuxKernel
internal import ShimProtocol

/// The log of one container: both streams, in the order in which their pieces were read.
final class ContainerLog {
  private let file: LogFile
  private var stdout = LogLineSplitter()
  private var stderr = LogLineSplitter()

  /// `nil` if the configuration says that there is no log.
  init?(_ configuration: LogConfiguration) throws(SyscallError) {
    guard configuration.driver == .jsonFile, let path = configuration.path else { return nil }
    file = try LogFile(path: path)
  }

  func append(_ chunk: [UInt8], _ stream: OutputStream) {
    let now = WallTime.now
    var batch = LogFile.Batch()
    switch stream {
    case .stdout: stdout.split(chunk, at: now) { batch.add($0, .stdout) }
    case .stderr: stderr.split(chunk, at: now) { batch.add($0, .stderr) }
    }
    file.append(batch)
  }

  /// Writes the lines that have not ended.
  func finish() {
    let now = WallTime.now
    var batch = LogFile.Batch()
    stdout.finish(at: now) { batch.add($0, .stdout) }
    stderr.finish(at: now) { batch.add($0, .stderr) }
    file.append(batch)
  }
}
