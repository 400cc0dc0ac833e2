internal import Glibc
internal import LinuxKernel
internal import Synchronization

/// Kernel files that are read again and again, kept open as long as this lives: finding one by its path takes longer than
/// reading it.
final class KeptFiles: Sendable {
  private static let limit = 1 << 20

  private let budget: FileBudget
  private let files = Mutex<[String: KeptFile]>([:])

  init(_ budget: FileBudget) { self.budget = budget }

  deinit { budget.giveBack(files.withLock { $0.count }) }

  /// All of the file at `path`, as it is now. Blocks.
  func read(_ path: String) throws(SyscallError) -> [UInt8] {
    if let file = files.withLock({ $0[path] }) { return try file.read(limit: Self.limit) }
    guard budget.take() else { return try AtomicFile.read(path, limit: Self.limit) }
    let file: KeptFile
    do throws(SyscallError) { file = KeptFile(try FileDescriptor.open(path)) } catch {
      budget.giveBack(1)
      throw error
    }
    // Of two who opened it at once, one closes its own again.
    if files.withLock({ $0.updateValue(file, forKey: path) }) != nil { budget.giveBack(1) }
    return try file.read(limit: Self.limit)
  }
}

private final class KeptFile: Sendable {
  private let file: FileDescriptor

  init(_ file: consuming FileDescriptor) { self.file = file }

  /// - Throws: `ENODEV` if it was a cgroup's that is gone.
  func read(limit: Int) throws(SyscallError) -> [UInt8] {
    var bytes: [UInt8] = []
    var isAtEnd = false
    while !isAtEnd, bytes.count < limit {
      let result = withUnsafeTemporaryAllocation(byteCount: 4 << 10, alignment: 1) { chunk in
        Result { () throws(SyscallError) in
          let count = try file.read(into: chunk, at: Int64(bytes.count))
          bytes.append(contentsOf: chunk[..<count])
          isAtEnd = count == 0
        }
      }
      try result.get()
    }
    return bytes
  }
}

/// How many files may be kept open only to be quick.
final class FileBudget: Sendable {
  private let left: Mutex<Int>

  init(_ limit: Int) { left = Mutex(limit) }

  /// A quarter of what the process may open: the rest is for what it cannot do without.
  static var ofThisProcess: FileBudget { FileBudget(max(0, min(sysconf(Int32(_SC_OPEN_MAX)), 1 << 16)) / 4) }

  func take() -> Bool {
    left.withLock { left in
      guard left > 0 else { return false }
      left -= 1
      return true
    }
  }

  func giveBack(_ count: Int) { left.withLock { $0 += count } }
}
