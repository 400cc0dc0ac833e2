internal import LinuxKernel

/// How much a snapshot takes on its own.
public struct SnapshotUsage: Equatable, Sendable {
  /// Bytes of content, a file with several names counted once.
  public var size: Int64
  /// Files, directories included.
  public var inodes: Int64

  public init(size: Int64 = 0, inodes: Int64 = 0) {
    self.size = size
    self.inodes = inodes
  }
}

extension SnapshotUsage {
  /// What is in the directory at `path`, and the directory itself.
  init(of path: String) throws(SyscallError) {
    self.init(inodes: 1)
    var seen: Set<UInt64> = []
    try add(try FileDescriptor.open(path, [.readOnly, .directory, .noFollow]), &seen)
  }

  private mutating func add(
    _ directory: borrowing FileDescriptor, _ seen: inout Set<UInt64>
  ) throws(SyscallError) {
    for name in try directory.directoryNames() {
      // Gone meanwhile: containers that run are counted too.
      guard let status = try directory.status(at: name) else { continue }
      if status.links > 1, status.kind != .directory, !seen.insert(status.inode).inserted { continue }
      inodes += 1
      switch status.kind {
      case .regular: size += status.size
      case .directory: try addDirectory(name, in: directory, &seen)
      default: break
      }
    }
  }

  private mutating func addDirectory(
    _ name: [CChar], in directory: borrowing FileDescriptor, _ seen: inout Set<UInt64>
  ) throws(SyscallError) {
    let child: FileDescriptor
    do throws(SyscallError) {
      child = try directory.openResolved(name, [.readOnly, .directory, .noFollow], resolve: .beneath)
    } catch {
      if error.errno == .noEntry || error.errno == .notDirectory { return }
      throw error
    }
    try add(child, &seen)
  }
}
