internal import CLinux
internal import Glibc

extension FileDescriptor {
  /// A file in memory that has no path, `memfd_create(2)`.
  /// - Parameter name: what `/proc/PID/fd` shows.
  public static func anonymousFile(named name: String) throws(SyscallError) -> FileDescriptor {
    FileDescriptor(owning: try check("memfd_create", name) { proa_memfd_create(name, UInt32(MFD_CLOEXEC)) })
  }

  /// Reads the whole of a file that can be read again, whatever was read or written before.
  /// - Throws: `EFBIG` if there are more than `limit` bytes.
  public func readAllFromStart(limit: Int) throws(SyscallError) -> [UInt8] {
    try check("lseek") { lseek(number, 0, SEEK_SET) }
    return try readAll(limit: limit)
  }
}
