/// Reads a text file line by line and no further than it is asked to: the kernel's table of mounts has a long line for every
/// container of the machine.
package struct LineReader: ~Copyable {
  private static let piece = 4 << 10

  private let file: FileDescriptor
  private let path: String
  private var chunk = [UInt8](repeating: 0, count: piece)
  /// What of the chunk was not handed out yet.
  private var rest = 0..<0

  package init(_ path: String) throws(SyscallError) {
    file = try FileDescriptor.open(path)
    self.path = path
  }

  /// The next line without its end; `nil` after the last one.
  package mutating func next() throws(SyscallError) -> String? {
    var line: [UInt8] = []
    while try hasMore() {
      let part = chunk[rest]
      guard let end = part.firstIndex(of: UInt8(ascii: "\n")) else {
        line += part
        rest = 0..<0
        continue
      }
      rest = (end + 1)..<rest.upperBound
      return String(decoding: line + part[..<end], as: UTF8.self)
    }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  /// Reads on if everything was handed out.
  private mutating func hasMore() throws(SyscallError) -> Bool {
    guard rest.isEmpty else { return true }
    do throws(SyscallError) { rest = try 0..<file.read(into: &chunk) } catch {
      throw SyscallError(error.call, path, errno: error.errno)
    }
    return !rest.isEmpty
  }
}
