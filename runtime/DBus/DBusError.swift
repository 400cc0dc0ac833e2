public import LinuxKernel

/// Why a conversation over D-Bus came to nothing.
public enum DBusError: Error, Sendable {
  case kernel(SyscallError)
  /// Bytes that are no message, or one that does not belong here.
  case malformed(String)
  /// The other side's answer, `org.freedesktop.systemd1.NoSuchUnit`, with its words.
  case refused(name: String, message: String)
  /// Nothing came in time.
  case timedOut(String)
}

extension DBusError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .kernel(let error): "\(error)"
    case .malformed(let reason): "D-Bus: \(reason)"
    case .refused(let name, let message): message.isEmpty ? name : message
    case .timedOut(let what): "D-Bus: no answer to \(what) in time"
    }
  }
}
