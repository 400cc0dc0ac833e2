internal import CLinux
internal import Glibc

/// Programs that this process starts. ``Processes`` waits for them.
package enum ChildProcess {
  /// Starts `path` in a process group of its own, with no signal blocked or ignored, no descriptors but the three given,
  /// and this process's environment.
  /// - Parameter arguments: the first is the program's name.
  package static func spawn(
    _ path: String, _ arguments: [String], stdin: borrowing FileDescriptor, stdout: borrowing FileDescriptor,
    stderr: borrowing FileDescriptor
  ) throws(SyscallError) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, stdin.number, 0)
    posix_spawn_file_actions_adddup2(&actions, stdout.number, 1)
    posix_spawn_file_actions_adddup2(&actions, stderr.number, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    resetSignals(&attributes)
    var pid: pid_t = 0
    // posix_spawn returns the error instead of setting errno.
    let error = withCStrings(arguments) { posix_spawn(&pid, path, &actions, &attributes, $0, proa_environment()) }
    guard error == 0 else { throw SyscallError("execve", path, errno: .init(rawValue: error)) }
    return pid
  }

  private static func resetSignals(_ attributes: inout posix_spawnattr_t) {
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
