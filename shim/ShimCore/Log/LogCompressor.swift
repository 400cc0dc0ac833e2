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
  /// The file is kept open, so that no other one gets its inode.
  private var worker: (pid: Int32, inode: UInt64, file: WatchedDescriptor)?

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
        guard try FileStatus.of("\(path).\(index)") != nil else { continue }
        return try compress("\(path).\(index)")
      }
    } catch { loop.report("cannot compress the log: \(error)") }
  }

  /// The file is opened before there is a child: it may have another name, and another file its name, when that begins.
  private func compress(_ source: String) throws(SyscallError) {
    let input = WatchedDescriptor(try FileDescriptor.open(source, [.readOnly, .noFollow]), loop)
    let inode = try input.descriptor.status().inode
    let child = try CurrentProcess.fork()
    if child == nil { work(input.descriptor) }
    worker = (child ?? 0, inode, input)
  }

  private func work(_ input: borrowing FileDescriptor) -> Never {
    do throws(SyscallError) {
      try CurrentProcess.redirect(0, to: input)
      try CurrentProcess.closeInherited()
      try Scheduling.set(.background)
      try GzipFile.compress(FileDescriptor(owning: 0), to: temporary)
      CurrentProcess.exit(0)
    } catch { CurrentProcess.exit(1) }
  }

  /// - Returns: whether the child was this one's.
  func childEnded(_ pid: Int32, _ status: ExitStatus) -> Bool {
    guard let (worker, inode, file) = worker, worker == pid else { return false }
    self.worker = nil
    defer { withExtendedLifetime(file) {} }
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
    guard let (pid, _, _) = worker else { return }
    worker = nil
    do throws(SyscallError) {
      try Processes.kill(pid, 9)
      try Directory.removeTree(temporary)
    } catch { loop.report("cannot stop compressing the log: \(error)") }
  }
}
