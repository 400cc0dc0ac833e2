internal import LinuxKernel

/// Keeps a second daemon away from a folder: the data root, or where containers are while they run.
enum InstanceLock {
  /// - Parameters:
  ///   - folder: there already, and the daemon's own.
  ///   - option: the one that names the folder, `--data-root`.
  /// - Returns: a file whose lock lasts as long as it is open; the kernel lets go when the process dies.
  /// - Throws: ``DaemonError/alreadyRunning(folder:option:)``
  static func take(_ folder: String, option: String) throws -> FileDescriptor {
    let file = try FileDescriptor.open("\(folder)/daemon.lock", [.readWrite, .create, .noFollow])
    guard try file.tryLock() else { throw DaemonError.alreadyRunning(folder: folder, option: option) }
    return file
  }
}
