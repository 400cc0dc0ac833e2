internal import Glibc
internal import LinuxKernel

/// Reads a log file that somebody else appends to. Blocks.
final class LogFile: Sendable {
  /// Bytes; a longer line is no line of a shim, and is skipped.
  static let longestLine = 1 << 20
  static let chunkSize = 64 << 10

  private let file: FileDescriptor

  /// - Returns: `nil` if there is no log yet.
  init?(_ path: String) throws(SyscallError) {
    do throws(SyscallError) { file = try FileDescriptor.open(path, [.readOnly, .noFollow]) } catch {
      if error.errno == .noEntry { return nil }
      throw error
    }
  }

  /// At most ``chunkSize`` bytes from `offset` on; empty at the end of the file.
  func read(at offset: Int64) throws(SyscallError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.chunkSize)
    let count = try check("pread", "container log") {
      bytes.withUnsafeMutableBytes { pread(file.number, $0.baseAddress, $0.count, off_t(offset)) }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// Where the last `count` lines begin, found from the end. A torn last line does not count as one.
  func offset(ofLast count: Int) throws(SyscallError) -> Int64 {
    let size = try file.status().size
    guard count > 0 else { return try endOfLastLine(size) }
    var found = 0
    var end = size
    while end > 0 {
      let start = max(0, end - Int64(Self.chunkSize))
      let bytes = try read(at: start).prefix(Int(end - start))
      for index in bytes.indices.reversed() where bytes[index] == UInt8(ascii: "\n") {
        found += 1
        if found > count { return start + Int64(index) + 1 }
      }
      end = start
    }
    return 0
  }

  private func endOfLastLine(_ size: Int64) throws(SyscallError) -> Int64 {
    var end = size
    while end > 0 {
      let start = max(0, end - Int64(Self.chunkSize))
      let bytes = try read(at: start).prefix(Int(end - start))
      if let index = bytes.lastIndex(of: UInt8(ascii: "\n")) { return start + Int64(index) + 1 }
      end = start
    }
    return 0
  }
}
