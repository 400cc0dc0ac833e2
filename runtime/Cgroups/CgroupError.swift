public import LinuxKernel

/// Why a control group could not be made, limited or used.
public struct CgroupError: Error, Sendable {
  public enum Reason: Sendable {
    /// The configuration asks for something impossible.
    case invalid(String)
    /// The configuration asks for something that this machine or this program does not do.
    case unsupported(String)
    /// A file or folder of the control group file system does not do what it should.
    case kernel(SyscallError)
    /// The group is not as it must be: occupied, frozen, not emptied in time.
    case state(String)
    /// systemd's answer, `org.freedesktop.systemd1.UnitExists`, and its words.
    case systemd(name: String, message: String)
  }

  public var reason: Reason
  /// The culprit in the configuration, `linux.resources.cpu.shares`; empty if it is not the configuration's fault.
  public var path: String

  public init(_ reason: Reason, path: String = "") {
    self.reason = reason
    self.path = path
  }
}

extension CgroupError {
  var isOfKernel: Bool { if case .kernel = reason { true } else { false } }
}

extension CgroupError: CustomStringConvertible {
  public var description: String {
    let text =
      switch reason {
      case .invalid(let message), .unsupported(let message), .state(let message): message
      case .kernel(let error): error.description
      case .systemd(let name, let message): "systemd: \(message.isEmpty ? name : message)"
      }
    return path.isEmpty ? "cgroup: \(text)" : "\(path): \(text)"
  }
}

/// Runs `body` and gives its kernel error the place in the configuration that caused it.
func blaming<Result: ~Copyable>(
  _ path: String = "", _ body: () throws(SyscallError) -> Result
) throws(CgroupError) -> Result {
  do { return try body() } catch { throw CgroupError(.kernel(error), path: path) }
}
