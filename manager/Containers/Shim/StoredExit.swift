internal import JSON
internal import LinuxKernel
internal import NIOPosix
internal import ShimProtocol

/// What a shim wrote down about the end of a process, read when the shim itself can no longer be asked.
enum StoredExit: Equatable {
  case recorded(ExitRecord)
  /// The shim was killed before it could write it.
  case missing
  /// It is there, and what it says is not known; `reason` is for people.
  case unreadable(reason: String)

  /// Reads the record at `path`; a read that fails is tried again for `patience`, because the process ends only once.
  /// - Throws: if the daemon is stopping: the next one will read it.
  static func read(
    _ path: String, on threads: NIOThreadPool, patience: Duration = .seconds(5)
  ) async throws -> StoredExit {
    let deadline = ContinuousClock.now + patience
    while true {
      do {
        return .recorded(
          try await threads.runIfActive { try ExitRecord(jsonText: AtomicFile.read(path, limit: 1 << 16)) })
      } catch let error as SyscallError {
        if error.errno == .noEntry { return .missing }
        guard ContinuousClock.now < deadline else { return .unreadable(reason: "\(error)") }
        try await Task.sleep(for: .milliseconds(100))
      } catch let error as JSONError {
        return .unreadable(reason: "\(error)")
      }
    }
  }
}
