public import LinuxKernel

/// Why a process cannot be confined as its configuration asks.
public struct ConfinementError: Error, Sendable {
  public enum Reason: Sendable {
    /// The configuration asks for something impossible.
    case invalid(String)
    /// The configuration asks for something that this machine or this program does not do.
    case unsupported(String)
    /// The kernel refused.
    case kernel(SyscallError)
  }

  public var reason: Reason
  /// The culprit in the configuration, `linux.seccomp.syscalls[3].action`; empty if it is not the configuration's fault.
  public var path: String

  public init(_ reason: Reason, path: String = "") {
    self.reason = reason
    self.path = path
  }
}

extension ConfinementError: CustomStringConvertible {
  public var description: String {
    let text =
      switch reason {
      case .invalid(let message), .unsupported(let message): message
      case .kernel(let error): error.description
      }
    return path.isEmpty ? text : "\(path): \(text)"
  }
}

/// Runs `body` and gives its kernel error the place in the configuration that caused it.
func blaming<Result>(
  _ path: String, _ body: () throws(SyscallError) -> Result
) throws(ConfinementError) -> Result {
  do { return try body() } catch { throw ConfinementError(.kernel(error), path: path) }
}
