public import LinuxKernel
public import OCIImageSpec

/// Why the content store did not do what it was asked.
public enum ContentError: Error, Equatable, Sendable {
  /// There is no such blob.
  case notFound(Digest)
  /// What was written is not what it was said to be; it has been thrown away.
  case digestMismatch(expected: Digest, actual: Digest)
  /// Another number of bytes was written than was announced; they have been thrown away.
  case sizeMismatch(expected: Int64, actual: Int64)
  /// The blob is longer than the caller accepts in memory.
  case tooLarge(Digest, size: Int64, limit: Int)
  case system(SyscallError)
}

extension ContentError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let digest): "no such blob: \(digest)"
    case .digestMismatch(let expected, let actual): "content has digest \(actual), expected \(expected)"
    case .sizeMismatch(let expected, let actual): "content is \(actual) bytes long, expected \(expected)"
    case .tooLarge(let digest, let size, let limit): "blob \(digest) has \(size) bytes, \(limit) are accepted"
    case .system(let error): error.description
    }
  }
}
