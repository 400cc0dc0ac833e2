internal import CLinux
internal import Glibc

/// The two ends of a pipe, close-on-exec and blocking, until each is taken.
public struct Pipe: ~Copyable {
  private var readEnd: FileDescriptor?
  private var writeEnd: FileDescriptor?

  public init() throws(SyscallError) {
    var numbers: [Int32] = [-1, -1]
    try check("pipe2") { pipe2(&numbers, O_CLOEXEC) }
    readEnd = FileDescriptor(owning: numbers[0])
    writeEnd = FileDescriptor(owning: numbers[1])
  }

  /// - Precondition: not taken before.
  public mutating func takeReadEnd() -> FileDescriptor { readEnd.take()! }

  /// - Precondition: not taken before.
  public mutating func takeWriteEnd() -> FileDescriptor { writeEnd.take()! }
}

extension FileDescriptor {
  /// Makes this pipe hold `size` bytes.
  package func setPipeSize(_ size: Int) throws(SyscallError) {
    try check("fcntl F_SETPIPE_SZ") { proa_fcntl(number, PROA_F_SETPIPE_SZ, size) }
  }

  /// Makes calls on this open file, by whoever holds it, return `EAGAIN` instead of waiting.
  public func setNonBlocking() throws(SyscallError) {
    let flags = try check("fcntl F_GETFL") { proa_fcntl(number, F_GETFL, 0) }
    try check("fcntl F_SETFL") { proa_fcntl(number, F_SETFL, Int(flags | O_NONBLOCK)) }
  }
}

extension FileDescriptor {
  /// Bytes that can be read from this pipe or terminal without waiting (`FIONREAD`).
  package func readableBytes() throws(SyscallError) -> Int {
    var count: Int32 = 0
    try check("ioctl FIONREAD") { proa_ioctl_pointer(number, UInt(FIONREAD), &count) }
    return Int(count)
  }
}
