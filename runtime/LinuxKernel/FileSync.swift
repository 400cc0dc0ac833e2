internal import CLinux
internal import Glibc

extension FileDescriptor {
  /// Puts the open file's content, or the open directory's names, on the disk.
  public func sync() throws(SyscallError) { try check("fsync") { fsync(number) } }

  /// Cuts the file to `size` bytes, or fills it up with zeros.
  public func truncate(to size: Int64) throws(SyscallError) {
    try check("ftruncate") { ftruncate(number, off_t(size)) }
  }

  /// Allocates the blocks that the file needs to grow to `size` bytes, without making it longer.
  /// - Throws: what fallocate(2) says: ENOSPC, or EOPNOTSUPP where the file system cannot.
  public func allocateAhead(upTo size: Int64) throws(SyscallError) {
    try check("fallocate") { proa_allocate_ahead(number, off_t(size)) }
  }

  /// Puts everything written to the file system that holds this file on the disk, and reports what could not be.
  public func syncFileSystem() throws(SyscallError) { try check("syncfs") { proa_syncfs(number) } }
}
