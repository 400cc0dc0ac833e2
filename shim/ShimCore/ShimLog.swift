internal import LinuxKernel

/// `shim.log` in the bundle: what went wrong where nobody could be told. Made when the first line is written.
struct ShimLog {
  private let path: String

  /// Bytes; what comes later is lost.
  private static let limit: Int64 = 1 << 20

  init(_ path: String) { self.path = path }

  func append(_ message: String) {
    do throws(SyscallError) {
      let file = try FileDescriptor.open(path, [.writeOnly, .create, .append, .noFollow])
      guard try file.status().size < ShimLog.limit else { return }
      try file.writeAll(Timestamp.text(.now, .nanoseconds) + Array(" \(message)\n".utf8))
    } catch {
      // The log is the last resort: there is nobody left to tell.
    }
  }
}
