/// Why a netlink request did not do what it was asked.
package enum NetlinkError: Error, Equatable, Sendable {
  /// The socket failed.
  case socket(SyscallError)
  /// The kernel said no, in the words of its extended acknowledgement if it had any.
  case refused(operation: String, errno: SyscallError.Errno, message: String?)
  /// The answer is not netlink, or not the answer to this question.
  case malformed(String)

  /// The kernel's reason, nil if it was never asked or answered nonsense.
  package var errno: SyscallError.Errno? {
    switch self {
    case .socket(let error): error.errno
    case .refused(_, let errno, _): errno
    case .malformed: nil
    }
  }
}

extension NetlinkError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .socket(let error): "\(error)"
    case .refused(let operation, let errno, let message?): "\(operation): \(errno) (\(message))"
    case .refused(let operation, let errno, nil): "\(operation): \(errno)"
    case .malformed(let reason): "netlink: \(reason)"
    }
  }
}
