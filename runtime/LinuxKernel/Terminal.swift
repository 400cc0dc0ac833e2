internal import CLinux
internal import Glibc

/// The size of a terminal in characters.
public struct WindowSize: Equatable, Sendable {
  public var rows: UInt16
  public var columns: UInt16

  public init(rows: UInt16, columns: UInt16) {
    self.rows = rows
    self.columns = columns
  }
}

extension FileDescriptor {
  /// Whether this is a terminal.
  public var isTerminal: Bool { isatty(number) == 1 }

  /// Sets the size of this terminal, or of the terminal whose master this is; its foreground processes get `SIGWINCH`.
  public func setWindowSize(_ size: WindowSize) throws(SyscallError) {
    var raw = winsize(ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0)
    try check("ioctl TIOCSWINSZ") { proa_set_window_size(number, &raw) }
  }

  public func windowSize() throws(SyscallError) -> WindowSize {
    var raw = winsize()
    try check("ioctl TIOCGWINSZ") { proa_get_window_size(number, &raw) }
    return WindowSize(rows: raw.ws_row, columns: raw.ws_col)
  }
}
