internal import Glibc
internal import LinuxKernel

/// Carries bytes between this process's standard files and the master of a container's terminal.
struct TerminalRelay: ~Copyable {
  private let master: FileDescriptor
  private let savedMode: TerminalMode?
  private var typed: [UInt8] = []
  private var isInputOpen = true
  private(set) var isOutputOpen = true

  /// Makes the own terminal raw until ``finish()``.
  init(master: consuming FileDescriptor) throws(RuntimeError) {
    self.master = master
    let mode = TerminalMode(of: 0)
    savedMode = mode
    try explaining("terminal") { () throws(SyscallError) in try mode?.raw.apply(to: 0) }
    resize()
  }

  /// Gives the container's terminal the size of the own one.
  func resize() {
    // No terminal on this side: the other keeps its size.
    guard let size = try? FileDescriptorTable.terminalSize(of: 0) else { return }
    try? master.setTerminalSize(columns: size.columns, rows: size.rows)  // It may have ended just now.
  }

  /// What to wait for: own input, the master.
  var requests: [(number: Int32, events: Polling.Events)] {
    [
      (isInputOpen && typed.isEmpty ? 0 : -1, .readable),
      (isOutputOpen ? master.number : -1, typed.isEmpty ? .readable : [.readable, .writable]),
    ]
  }

  /// - Parameter events: what came of ``requests``.
  mutating func handle(_ events: ArraySlice<Polling.Events>) throws(RuntimeError) {
    if let input = events.first, !input.isEmpty { try readInput() }
    guard let output = events.last, !output.isEmpty else { return }
    if output.contains(.writable) { try writeInput() }
    if !output.isDisjoint(with: [.readable, .hungUp, .failed]) { try copyOutput() }
  }

  private mutating func readInput() throws(RuntimeError) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = try explaining("standard input") { () throws(SyscallError) in
      try check("read") { read(0, &buffer, buffer.count) }
    }
    if count == 0 { isInputOpen = false }
    typed = Array(buffer[..<count])
  }

  private mutating func writeInput() throws(RuntimeError) {
    let written = try explaining("terminal") { () throws(SyscallError) in
      try check("write") { write(master.number, typed, typed.count) }
    }
    typed.removeFirst(written)
  }

  private mutating func copyOutput() throws(RuntimeError) {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let count = read(master.number, &buffer, buffer.count)
    // EIO: nobody has the other side open any more.
    guard count > 0 else {
      if count == 0 || errno != EINTR { isOutputOpen = false }
      return
    }
    try explaining("standard output") { () throws(SyscallError) in
      try FileDescriptorTable.writeAll(buffer[..<count], to: 1)
    }
  }

  /// Prints what is left and makes the own terminal as it was.
  func finish() throws(RuntimeError) {
    try explaining("terminal") { () throws(SyscallError) in try savedMode?.apply(to: 0) }
  }
}
