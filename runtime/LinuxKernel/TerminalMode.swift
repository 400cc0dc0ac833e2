internal import CLinux
internal import Glibc

/// How a terminal treats what is typed and printed, `termios(3)`.
package struct TerminalMode {
  private var attributes = termios()

  /// The mode of the terminal that `number` is; `nil` if it is none.
  package init?(of number: Int32) {
    guard tcgetattr(number, &attributes) == 0 else { return nil }
  }

  /// This mode with nothing interpreted on either way.
  package var raw: TerminalMode {
    var mode = self
    cfmakeraw(&mode.attributes)
    return mode
  }

  /// This mode without what is typed being shown.
  package var withoutEcho: TerminalMode {
    var mode = self
    mode.attributes.c_lflag &= ~tcflag_t(ECHO)
    return mode
  }

  package func apply(to number: Int32) throws(SyscallError) {
    var attributes = attributes
    try check("tcsetattr") { tcsetattr(number, TCSANOW, &attributes) }
  }
}
