internal import LinuxKernel

/// A log file that is not compressed, and that somebody may append to. Blocks.
final class PlainLogFile: LogFileContent, Sendable {
  static let chunk = 256 << 10

  let identity: LogFileIdentity
  private let file: FileDescriptor

  /// - Returns: `nil` if there is none.
  static func open(_ path: String) throws(SyscallError) -> PlainLogFile? {
    do throws(SyscallError) { return try PlainLogFile(path) } catch {
      if error.errno == .noEntry { return nil }
      throw error
    }
  }

  private init(_ path: String) throws(SyscallError) {
    file = try FileDescriptor.open(path, [.readOnly, .noFollow, .nonBlocking])
    identity = LogFileIdentity(try file.status())
  }

  var status: FileStatus { get throws(SyscallError) { try file.status() } }

  /// Reads what there is from `offset` on, at most `buffer.count` bytes; 0 at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SyscallError) -> Int {
    try file.read(into: buffer, at: offset)
  }

  /// The bytes of `range`; fewer if the file is shorter by now.
  func bytes(_ range: Range<Int64>) throws(SyscallError) -> [UInt8] {
    var failure: SyscallError?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      do throws(SyscallError) {
        count = try read(into: UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound)
      } catch { failure = error }
    }
    if let failure { throw failure }
    guard bytes.count == range.count else { throw SyscallError("pread", "container log", errno: .noEntry) }
    return bytes
  }
}

/// By what a file is known when it has another name, or was replaced by its compressed form, which has its time.
struct LogFileIdentity: Equatable {
  let device: UInt64
  let inode: UInt64

  init(_ status: FileStatus) { (device, inode) = (status.device, status.inode) }
}

extension FileStatus {
  /// When the file was written to last.
  var modification: Timestamp { Timestamp(nanoseconds: modified * 1_000_000_000 + modifiedNanoseconds) }
}
