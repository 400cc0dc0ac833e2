internal import CLinux
internal import Glibc

extension FileDescriptor {
  /// A file in memory that nobody else knows of, close-on-exec.
  package static func memoryFile(_ name: String, sealable: Bool = false) throws(SyscallError) -> FileDescriptor {
    FileDescriptor(owning: try check("memfd_create") { proa_memfd_create(name, sealable ? 3 : 1) })
  }

  /// Sets the place of the next read or write.
  package func seek(to offset: Int64) throws(SyscallError) {
    try check("lseek") { lseek(number, off_t(offset), SEEK_SET) }
  }

  /// Waits until there is something to read, or the process ended if this is a pidfd.
  /// - Parameter milliseconds: -1 waits for ever.
  /// - Returns: `false` when the time has passed.
  package func waitReadable(milliseconds: Int32) throws(SyscallError) -> Bool {
    var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    return try check("poll") { poll(&request, 1, milliseconds) } > 0
  }
}

extension FileDescriptor {
  /// `F_SEAL_SEAL`, `SHRINK`, `GROW` and `WRITE`.
  private static let allSeals = Int32(0xf)

  /// Forbids every change of the memory file, for good.
  package func seal() throws(SyscallError) {
    try check("fcntl F_ADD_SEALS") { proa_fcntl(number, 1033, Int(Self.allSeals)) }
  }

  /// Whether this is a memory file that nobody can change any more.
  package var isSealed: Bool {
    let seals = proa_fcntl(number, 1034, 0)
    return seals >= 0 && seals & Self.allSeals == Self.allSeals
  }
}
