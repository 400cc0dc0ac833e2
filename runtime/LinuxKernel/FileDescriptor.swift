internal import CLinux
internal import Glibc

/// An open file that closes itself. Every descriptor is opened close-on-exec. Frozen, because Embedded Swift compiles what
/// discards it into other modules too.
@frozen public struct FileDescriptor: ~Copyable, Sendable {
  /// The number that the kernel gave, valid as long as this value lives.
  public let number: Int32

  /// Takes over `number`; nobody else may close it.
  public init(owning number: Int32) { self.number = number }

  deinit { _ = Glibc.close(number) }

  /// Gives up ownership: the caller closes the number.
  public consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }

  /// Closes now and reports what `close` says, which is where some file systems report a failed write.
  public consuming func close() throws(SyscallError) {
    let number = release()
    // Not retried on EINTR: Linux has released the number by then.
    if Glibc.close(number) < 0, errno != EINTR { throw SyscallError("close", errno: .init(rawValue: errno)) }
  }

  /// Another descriptor for the same open file, not inherited through exec.
  public func duplicate() throws(SyscallError) -> FileDescriptor {
    FileDescriptor(owning: try check("fcntl F_DUPFD_CLOEXEC") { proa_fcntl(number, F_DUPFD_CLOEXEC, 0) })
  }
}

extension FileDescriptor {
  /// How to open a file: `open(2)` flags, combined.
  public struct OpenOptions: OptionSet, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let readOnly = OpenOptions([])
    public static let writeOnly = OpenOptions(rawValue: O_WRONLY)
    public static let readWrite = OpenOptions(rawValue: O_RDWR)
    public static let create = OpenOptions(rawValue: O_CREAT)
    public static let exclusive = OpenOptions(rawValue: O_EXCL)
    public static let truncate = OpenOptions(rawValue: O_TRUNC)
    public static let append = OpenOptions(rawValue: O_APPEND)
    public static let nonBlocking = OpenOptions(rawValue: O_NONBLOCK)
    public static let directory = OpenOptions(rawValue: O_DIRECTORY)
    public static let noFollow = OpenOptions(rawValue: O_NOFOLLOW)
    public static let pathOnly = OpenOptions(rawValue: O_PATH)
    public static let noControllingTerminal = OpenOptions(rawValue: O_NOCTTY)
    /// `O_TMPFILE`: a file without a name in the directory that is opened.
    public static let temporary = OpenOptions(rawValue: PROA_O_TMPFILE)
  }

  /// Opens `path`, close-on-exec.
  /// - Parameter mode: permission bits of a created file, before the umask.
  public static func open(
    _ path: String, _ options: OpenOptions = .readOnly, mode: UInt32 = 0o600
  ) throws(SyscallError) -> FileDescriptor {
    FileDescriptor(
      owning: try check("open", path) { proa_openat(AT_FDCWD, path, options.rawValue | O_CLOEXEC, mode) })
  }

  /// Opens `path` as seen from the directory that this descriptor holds, close-on-exec.
  public func open(
    at path: String, _ options: OpenOptions = .readOnly, mode: UInt32 = 0o600
  ) throws(SyscallError) -> FileDescriptor {
    FileDescriptor(
      owning: try check("openat", path) { proa_openat(number, path, options.rawValue | O_CLOEXEC, mode) })
  }
}

extension FileDescriptor {
  /// Reads what there is, at most `buffer.count` bytes; 0 at the end of the file.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SyscallError) -> Int {
    try check("read") { Glibc.read(number, buffer.baseAddress, buffer.count) }
  }

  /// The same into an array.
  package func read(into bytes: inout [UInt8]) throws(SyscallError) -> Int {
    try check("read") { bytes.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, $0.count) } }
  }

  /// The byte at `offset`, `nil` if the file ends before it.
  package func byte(at offset: Int64) throws(SyscallError) -> UInt8? {
    var byte = UInt8(0)
    return try check("pread", "", { pread(number, &byte, 1, off_t(offset)) }) == 1 ? byte : nil
  }

  /// Writes at least one of `buffer`'s bytes and says how many.
  public func write(_ buffer: UnsafeRawBufferPointer) throws(SyscallError) -> Int {
    try check("write") { Glibc.write(number, buffer.baseAddress, buffer.count) }
  }

  /// Writes all of `bytes`, in as many calls as it takes.
  public func writeAll(_ bytes: [UInt8]) throws(SyscallError) {
    var written = 0
    while written < bytes.count {
      let result = try check("write") {
        bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress! + written, $0.count - written) }
      }
      written += result
    }
  }

  /// Reads to the end of the file.
  /// - Throws: `EFBIG` if there is more than `limit` bytes.
  public func readAll(limit: Int = 64 << 20) throws(SyscallError) -> [UInt8] {
    var bytes: [UInt8] = []
    var isAtEnd = false
    while !isAtEnd {
      // On the stack: the files of the kernel are small, and dozens of them are read for a container.
      let result = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4 << 10) { chunk in
        Result { () throws(SyscallError) in
          let count = try check("read") { Glibc.read(number, chunk.baseAddress, chunk.count) }
          bytes.append(contentsOf: chunk[..<count])
          isAtEnd = count == 0
        }
      }
      try result.get()
      guard bytes.count <= limit else { throw SyscallError("read", errno: .init(rawValue: EFBIG)) }
    }
    return bytes
  }
}
