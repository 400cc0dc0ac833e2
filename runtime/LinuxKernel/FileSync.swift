internal import CLinux
internal import Glibc

extension FileDescriptor {
  /// Puts the open file's content, or the open directory's names, on the disk.
  public func sync() throws(SyscallError) { try check("fsync") { fsync(number) } }

  /// Puts everything written to the file system that holds this file on the disk, and reports what could not be.
  public func syncFileSystem() throws(SyscallError) { try check("syncfs") { proa_syncfs(number) } }
}
