internal import LinuxKernel

/// Keeps a second daemon away from a bridge, its ports and its table, in the network namespace of the calling thread.
///
/// The kernel lets go when the process dies, however it does. A file under `/run`, because that is root's alone: whoever may
/// bind a socket there could keep an abstract name from the daemon.
public struct BridgeLock: ~Copyable, Sendable {
  /// How often the file may be replaced under our hands: every time a daemon on the same bridge ended in that moment.
  private static let attempts = 100

  let path: String
  private let file: FileDescriptor

  /// - Throws: ``NetworkError/bridgeInUse(_:)`` if another daemon has the bridge.
  public static func take(_ configuration: NetworkConfiguration) throws -> BridgeLock {
    let namespace = try FileDescriptor.open("/proc/thread-self/ns/net").status().inode
    let path = "/run/\(configuration.table).\(namespace).lock"
    for _ in 0..<attempts {
      let file = try FileDescriptor.open(path, [.readWrite, .create, .noFollow], mode: 0o600)
      guard try file.tryLock() else { break }
      // Its last owner may have removed it after it was opened here: then the lock is worth nothing.
      let (mine, there) = (try file.status(), try FileStatus.of(path))
      if let there, mine.inode == there.inode, mine.device == there.device { return BridgeLock(path: path, file: file) }
    }
    throw NetworkError.bridgeInUse(configuration.bridge)
  }

  /// Lets go and leaves nothing.
  public consuming func release() throws {
    // While it is locked: afterwards it could be another daemon's.
    try Directory.removeTree(path)
    try file.close()
  }
}
