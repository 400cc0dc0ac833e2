internal import LinuxKernel

/// Compresses the files that a log no longer grows in, one after the other, each in a process of its own: the container's
/// output does not wait for it, and the memory that it takes is gone afterwards.
///
/// ```
///  shim                              child
///   ├──fork───────────────────────────▶│ reads path.1, writes path.gz.tmp
///   │  (path.1 may become path.2)      │
///   │◀──────────────────────SIGCHLD────┘
///   │ path.gz.tmp ─▶ path.2.gz, path.2 goes
/// ```
final class LogCompressor {
  private let path: String
  private let maximumFiles: Int
  private let loop: EventLoop
  private var worker: (pid: Int32, inode: UInt64)?

  private var temporary: String { "\(path).gz.tmp" }

  init(_ path: String, maximumFiles: Int, _ loop: EventLoop) {
    self.path = path
    self.maximumFiles = maximumFiles
    self.loop = loop
  }

  /// Begins with the newest file that is not compressed, unless one is being compressed already.
  func begin() {
    guard worker == nil else { return }
    do throws(SyscallError) {
      for index in 1..<maximumFiles {
        guard let status = try FileStatus.of("\(path).\(index)") else { continue }
        return try compress("\(path).\(index)", status)
      }
    } catch { loop.report("cannot compress the log: \(error)") }
  }

  private func compress(_ source: String, _ status: FileStatus) throws(SyscallError) {
    guard let pid = try CurrentProcess.fork() else {
      do throws(SyscallError) {
        try CurrentProcess.closeInherited()
        try Scheduling.set(.background)
        try GzipFile.compress(source, to: temporary)
        CurrentProcess.exit(0)
      } catch { CurrentProcess.exit(1) }
    }
    worker = (pid, status.inode)
  }

  /// - Returns: whether the child was this one's.
  func childEnded(_ pid: Int32, _ status: ExitStatus) -> Bool {
    guard let (worker, inode) = worker, worker == pid else { return false }
    self.worker = nil
    do throws(SyscallError) {
      guard status == .exited(0) else {
        try Directory.removeTree(temporary)
        throw SyscallError("compress", path, errno: .init(rawValue: status.shellStatus))
      }
      try replace(inode)
      begin()
    } catch { loop.report("cannot compress the log: \(error)") }
    return true
  }

  /// Puts the compressed file in the place of the one that it was made of, wherever that is by now.
  private func replace(_ inode: UInt64) throws(SyscallError) {
    for index in 1..<maximumFiles where try FileStatus.of("\(path).\(index)")?.inode == inode {
      try Directory.move(temporary, to: "\(path).\(index).gz")
      return try Directory.removeTree("\(path).\(index)")
    }
    try Directory.removeTree(temporary)
  }

  /// The file that is being compressed stays as it is: it is compressed when the container starts again.
  func stop() {
    guard let (pid, _) = worker else { return }
    worker = nil
    do throws(SyscallError) {
      try Processes.kill(pid, 9)
      try Directory.removeTree(temporary)
    } catch { loop.report("cannot stop compressing the log: \(error)") }
  }
}
