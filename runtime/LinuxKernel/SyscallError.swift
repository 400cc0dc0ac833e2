internal import Glibc

/// A system call that failed: which one, on what, and the kernel's reason.
public struct SyscallError: Error, Equatable, Sendable {
  /// An `errno` value.
  public struct Errno: RawRepresentable, Hashable, Sendable {
    public var rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }
  }

  /// The name of the system call, `openat2`.
  public var call: String
  /// What it was called on, for a person: a path, a descriptor's purpose. Empty if there is nothing to say.
  public var subject: String
  public var errno: Errno

  public init(_ call: String, _ subject: String = "", errno: Errno) {
    self.call = call
    self.subject = subject
    self.errno = errno
  }
}

extension SyscallError: CustomStringConvertible {
  public var description: String {
    subject.isEmpty ? "\(call): \(errno)" : "\(call) \(subject): \(errno)"
  }
}

extension SyscallError.Errno: CustomStringConvertible {
  public static let notPermitted = Self(rawValue: EPERM)
  public static let noEntry = Self(rawValue: ENOENT)
  public static let noProcess = Self(rawValue: ESRCH)
  public static let interrupted = Self(rawValue: EINTR)
  public static let wouldBlock = Self(rawValue: EAGAIN)
  public static let accessDenied = Self(rawValue: EACCES)
  public static let busy = Self(rawValue: EBUSY)
  public static let exists = Self(rawValue: EEXIST)
  public static let notDirectory = Self(rawValue: ENOTDIR)
  public static let isDirectory = Self(rawValue: EISDIR)
  public static let invalid = Self(rawValue: EINVAL)
  public static let noMemory = Self(rawValue: ENOMEM)
  public static let noSpace = Self(rawValue: ENOSPC)
  public static let readOnlyFileSystem = Self(rawValue: EROFS)
  public static let brokenPipe = Self(rawValue: EPIPE)
  public static let notSupported = Self(rawValue: EOPNOTSUPP)
  public static let notImplemented = Self(rawValue: ENOSYS)
  public static let notEmpty = Self(rawValue: ENOTEMPTY)
  public static let tooManyLinks = Self(rawValue: ELOOP)
  /// More than a file may have.
  public static let tooManyNames = Self(rawValue: EMLINK)
  public static let nameTooLong = Self(rawValue: ENAMETOOLONG)
  public static let crossDevice = Self(rawValue: EXDEV)
  public static let noChild = Self(rawValue: ECHILD)
  public static let addressInUse = Self(rawValue: EADDRINUSE)
  public static let notBlockDevice = Self(rawValue: ENOTBLK)
  public static let notTerminal = Self(rawValue: ENOTTY)
  public static let noDevice = Self(rawValue: ENODEV)
  public static let familyNotSupported = Self(rawValue: EAFNOSUPPORT)
  public static let protocolNotSupported = Self(rawValue: EPROTONOSUPPORT)
  public static let connectionReset = Self(rawValue: ECONNRESET)
  public static let connectionRefused = Self(rawValue: ECONNREFUSED)

  /// The C library's words, in lower case as Go prints them: `no such file or directory`.
  public var description: String {
    guard let text = strerror(rawValue) else { return "errno \(rawValue)" }
    return String(cString: text).lowercased()
  }
}

/// Calls `body` until it is not interrupted, and throws what `errno` says when it returns a negative number.
///
/// `errno` is read before anything else can change it; `subject` is evaluated only on failure.
@discardableResult
package func check<Result: SignedInteger>(
  _ call: String, _ subject: @autoclosure () -> String = "", _ body: () -> Result
) throws(SyscallError) -> Result {
  while true {
    let result = body()
    if result >= 0 { return result }
    let code = errno
    if code == EINTR { continue }
    throw SyscallError(call, subject(), errno: .init(rawValue: code))
  }
}
