internal import LinuxKernel

/// Reads a log line by line from a place on, as far as it has been written. Blocks.
struct LogReader: Sendable {
  private let path: String
  private var file: LogFile?
  private var offset: Int64 = 0
  private var tail: Int?
  private var lines = LineCutter()

  /// - Parameter tail: begins with the last so many lines; `nil`: at the beginning.
  init(path: String, tail: Int?) {
    self.path = path
    self.tail = tail
  }

  /// The next entries, a chunk's worth; empty if there are none yet. Lines that cannot be read are left out.
  mutating func next() throws(SyscallError) -> [LogEntry] {
    while true {
      if file == nil { try open() }
      guard let file else { return [] }
      let bytes = try file.read(at: offset)
      if bytes.isEmpty { return [] }
      offset += Int64(bytes.count)
      // A line that is not JSON was torn by a crash of the machine: the others are still worth reading.
      let entries = lines.cut(bytes).compactMap { try? LogEntry(line: $0) }
      if !entries.isEmpty { return entries }
    }
  }

  private mutating func open() throws(SyscallError) {
    file = try LogFile(path)
    guard let file, let tail else { return }
    offset = try file.offset(ofLast: tail)
    self.tail = nil
  }
}

/// Cuts bytes into lines, keeping an unfinished one for the next time.
struct LineCutter: Sendable {
  private var rest: [UInt8] = []
  /// Whether the line that is being read is too long to be kept.
  private var isSkipping = false

  /// - Returns: complete lines without their ends.
  mutating func cut(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for piece in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
      if !isSkipping { lines.append(rest + piece) }
      rest = []
      isSkipping = false
    }
    let start = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    if !isSkipping { rest += bytes[start...] }
    if rest.count > LogFile.longestLine {
      rest = []
      isSkipping = true
    }
    return lines
  }
}
