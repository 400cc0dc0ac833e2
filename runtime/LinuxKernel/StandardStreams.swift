internal import CLinux
internal import Glibc

extension FileDescriptor {
  /// A duplicate of one of the process's own three streams.
  /// - Parameter standard: 0 input, 1 output, 2 errors.
  package static func standard(_ standard: Int32) throws(SyscallError) -> FileDescriptor {
    FileDescriptor(owning: try check("fcntl F_DUPFD_CLOEXEC") { proa_fcntl(standard, F_DUPFD_CLOEXEC, 3) })
  }

  package var isTerminal: Bool { isatty(number) == 1 }

  /// Waits until this file or `other` has something to read or has ended. Works for regular files too, unlike epoll.
  /// - Returns: whether it is this file.
  package func waitUntilReadable(or other: borrowing FileDescriptor) throws(SyscallError) -> Bool {
    var polled = [
      pollfd(fd: number, events: Int16(POLLIN), revents: 0),
      pollfd(fd: other.number, events: Int16(POLLIN), revents: 0),
    ]
    try check("poll") { poll(&polled, 2, -1) }
    return polled[1].revents == 0
  }
}
