internal import LinuxKernel

/// How a log is spread over files, and what they are called: the current one `path`, those before it `path.1` (the newest),
/// `path.2` and so on, with `.gz` behind it where they are compressed.
package struct LogRotation {
  /// Bytes after which the next record begins a new file; 0: never.
  package var maximumSize: Int64 = 0
  package var maximumFiles = 1

  package init() {}

  package init(maximumSize: Int64, maximumFiles: Int) {
    self.maximumSize = maximumSize
    self.maximumFiles = maximumFiles
  }

  func isFull(_ size: Int64) -> Bool { maximumSize > 0 && size >= maximumSize }

  /// Where in a batch, of which `range` is left, a file is full that has `size` bytes so far.
  func end(of size: Int64, in range: Range<Int>) -> Int {
    guard maximumSize > 0 else { return range.upperBound }
    return Int(min(Int64(range.lowerBound) + max(maximumSize - size, 1), Int64(range.upperBound)))
  }

  /// Moves every file one place on; the oldest one goes. A reader that has one of them open can read it to its end.
  /// - Returns: the new current file.
  func begin(
    _ path: String, _ open: (String) throws(SyscallError) -> FileDescriptor
  ) throws(SyscallError) -> FileDescriptor {
    guard maximumFiles > 1 else {
      // Not cut: who reads the old one is not to lose what it holds.
      let next = "\(path).next"
      try Directory.removeTree(next)
      let file = try open(next)
      try Directory.move(next, to: path)
      return file
    }
    for suffix in ["", ".gz"] { try Directory.removeTree("\(path).\(maximumFiles - 1)\(suffix)") }
    for index in stride(from: maximumFiles - 2, to: 0, by: -1) {
      for suffix in ["", ".gz"] { try shift("\(path).\(index)\(suffix)", to: "\(path).\(index + 1)\(suffix)") }
    }
    try shift(path, to: "\(path).1")
    return try open(path)
  }

  private func shift(_ source: String, to target: String) throws(SyscallError) {
    do throws(SyscallError) { try Directory.move(source, to: target) } catch {
      if error.errno != .noEntry { throw error }
    }
  }
}
