internal import CLinux
internal import Glibc

/// The descriptors of this process by their numbers.
package enum FileDescriptorTable {
  package static func isOpen(_ number: Int32) -> Bool { proa_fcntl(number, F_GETFD, 0) >= 0 }

  /// Opens `/dev/null` for each of the three standard descriptors that is missing, so that no other file gets its number.
  package static func fillStandard() throws(SyscallError) {
    for number in Int32(0)...2 where !isOpen(number) {
      // The lowest free number is the one that is missing. It is to be inherited.
      let null = try FileDescriptor.open("/dev/null", .readWrite)
      try null.setInherited()
      _ = null.release()
    }
  }
}

extension FileDescriptor {
  /// Lets programs that this process executes have the descriptor.
  package func setInherited() throws(SyscallError) {
    try check("fcntl F_SETFD") { proa_fcntl(number, F_SETFD, 0) }
  }
}

extension FileDescriptorTable {
  /// Lets programs that this process executes have the descriptor `number`.
  package static func setInherited(_ number: Int32) throws(SyscallError) {
    try check("fcntl F_SETFD", "\(number)") { proa_fcntl(number, F_SETFD, 0) }
  }

  /// Whether `number` is the null device.
  package static func isNull(_ number: Int32) -> Bool {
    var status = stat()
    return fstat(number, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR && status.st_rdev == proa_device(1, 3)
  }
}

extension FileDescriptorTable {
  /// Closes every descriptor from `first` up but those in `kept`, whoever believes to own it.
  package static func closeAll(from first: Int32, except kept: [Int32]) throws(SyscallError) {
    var next = first
    for number in kept.sorted() where number >= next {
      if number > next { try check("close_range") { proa_close_range(UInt32(next), UInt32(number - 1)) } }
      next = number + 1
    }
    try check("close_range") { proa_close_range(UInt32(next), UInt32.max) }
  }
}

extension FileDescriptorTable {
  /// Says `text` on the standard error; that it is closed or full is nobody's concern any more.
  package static func writeStandardError(_ text: String) {
    _ = text.utf8.withContiguousStorageIfAvailable { write(2, $0.baseAddress, $0.count) }
  }
}

extension FileDescriptorTable {
  /// The size of the terminal that `number` is.
  package static func terminalSize(of number: Int32) throws(SyscallError) -> (columns: UInt16, rows: UInt16) {
    var size = winsize()
    try check("ioctl TIOCGWINSZ") { proa_ioctl_pointer(number, UInt(TIOCGWINSZ), &size) }
    return (size.ws_col, size.ws_row)
  }

  /// Writes all of `bytes` to the descriptor `number`.
  package static func writeAll(_ bytes: ArraySlice<UInt8>, to number: Int32) throws(SyscallError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = try check("write") { rest.withUnsafeBytes { write(number, $0.baseAddress, $0.count) } }
      rest = rest.dropFirst(count)
    }
  }
}
