internal import CLinux
internal import Glibc

/// Network namespaces as a process with many threads uses them.
package enum NetworkNamespace {
  /// The network namespace of a process.
  /// - Throws: `ENOENT` if there is no such process.
  package static func open(ofProcess pid: Int32) throws(SyscallError) -> FileDescriptor {
    try FileDescriptor.open("/proc/\(pid)/ns/net")
  }

  /// Runs `body` on a new thread inside the namespace, and ends the thread. Blocks until then.
  ///
  /// `setns` changes the calling thread alone, and Proa's threads are shared by tasks that know nothing of each other. Joining
  /// a network namespace needs no `unshare(CLONE_FS)` (only mount and user namespaces do).
  package static func onThread<Value: Sendable>(
    in namespace: Int32, _ body: @escaping @Sendable () -> Value
  ) throws(SyscallError) -> Value {
    let outcome = Outcome<Value>()
    let errand = Errand {
      do throws(SyscallError) {
        try check("setns", "network") { proa_setns(namespace, NamespaceKinds.network.rawValue) }
        outcome.result = .success(body())
      } catch { outcome.result = .failure(error) }
    }
    try errand.runOnThread()
    return try outcome.result.get()
  }
}

/// One thread writes it, another reads it after having joined the first.
private final class Outcome<Value: Sendable> {
  var result: Result<Value, SyscallError> = .failure(SyscallError("pthread_join", errno: .interrupted))
}

/// What a thread is sent to do.
private final class Errand {
  private let body: () -> Void

  init(_ body: @escaping () -> Void) { self.body = body }

  /// Blocks until it is done.
  func runOnThread() throws(SyscallError) {
    let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
      if let argument { Unmanaged<Errand>.fromOpaque(argument).takeRetainedValue().body() }
      return nil
    }
    let argument = Unmanaged.passRetained(self)
    let code = proa_run_on_thread(enter, argument.toOpaque())
    guard code == 0 else {
      argument.release()
      throw SyscallError("pthread_create", errno: .init(rawValue: code))
    }
  }
}

extension NetworkNamespace {
  /// Whether `namespace` is the one that this thread is in.
  package static func isCurrent(_ namespace: borrowing FileDescriptor) throws(SyscallError) -> Bool {
    let mine = try FileDescriptor.open("/proc/thread-self/ns/net")
    var (first, second) = (stat(), stat())
    try check("fstat", "network namespace") { fstat(namespace.number, &first) }
    try check("fstat", "network namespace") { fstat(mine.number, &second) }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }
}
