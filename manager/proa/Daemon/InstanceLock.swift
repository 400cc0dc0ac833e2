internal import LinuxKernel

/// Keeps a second daemon away from a data root.
enum InstanceLock {
  /// - Returns: a file whose lock lasts as long as it is open; the kernel lets go when the process dies.
  /// - Throws: ``DaemonError/alreadyRunning(dataRoot:)``
  static func take(dataRoot: String) throws -> FileDescriptor {
    let file = try FileDescriptor.open("\(dataRoot)/daemon.lock", [.readWrite, .create, .noFollow])
    guard try file.tryLock() else { throw DaemonError.alreadyRunning(dataRoot: dataRoot) }
    return file
  }
}
