internal import CLinux
internal import Glibc

extension FileDescriptor {
  /// Unlocks the other end of the pseudoterminal whose master this is, and opens it without going through a path
  /// (`TIOCGPTPEER`).
  package func openTerminalPeer() throws(SyscallError) -> FileDescriptor {
    try check("ioctl TIOCSPTLCK") { proa_unlock_terminal(number) }
    return FileDescriptor(
      owning: try check("ioctl TIOCGPTPEER") { proa_terminal_peer(number, O_RDWR | O_NOCTTY | O_CLOEXEC) })
  }

  /// Makes this terminal the controlling one of the session that the process leads.
  package func becomeControllingTerminal() throws(SyscallError) {
    try FileDescriptorTable.becomeControllingTerminal(number)
  }

  /// Size in characters.
  package func setTerminalSize(columns: UInt16, rows: UInt16) throws(SyscallError) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    try check("ioctl TIOCSWINSZ") { proa_ioctl_pointer(number, UInt(TIOCSWINSZ), &size) }
  }

  /// Size in characters; throws `ENOTTY` if this is no terminal.
  package func terminalSize() throws(SyscallError) -> (columns: UInt16, rows: UInt16) {
    var size = winsize()
    try check("ioctl TIOCGWINSZ") { proa_ioctl_pointer(number, UInt(TIOCGWINSZ), &size) }
    return (size.ws_col, size.ws_row)
  }
}

extension FileDescriptorTable {
  /// The same for the terminal that `number` is.
  package static func becomeControllingTerminal(_ number: Int32) throws(SyscallError) {
    try check("ioctl TIOCSCTTY") { proa_ioctl(number, UInt(TIOCSCTTY), 0) }
  }

  /// Makes this process's group the one that the terminal's keys reach, if `number` is the terminal of its session.
  package static func takeForeground(_ number: Int32) throws(SyscallError) {
    do throws(SyscallError) { try check("tcsetpgrp") { tcsetpgrp(number, getpgrp()) } } catch {
      guard [ENOTTY, ENXIO, EBADF].contains(error.errno.rawValue) else { throw error }
    }
  }
}
