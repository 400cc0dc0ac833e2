internal import LinuxKernel

/// Files of the control group file system: a value is one write, and one read.
enum CgroupFile {
  static func write(_ value: String, to path: String) throws(SyscallError) { try write([value], to: path) }

  /// Writes one value after the other.
  static func write(_ values: [String], to path: String) throws(SyscallError) {
    let file = try FileDescriptor.open(path, [.writeOnly, .noFollow])
    for value in values {
      do { try file.writeAll(Array(value.utf8)) } catch {
        throw SyscallError("write \"\(value)\" to", path, errno: error.errno)
      }
    }
  }

  static func text(of path: String) throws(SyscallError) -> String {
    String(decoding: try AtomicFile.read(path), as: UTF8.self)
  }

  static func words(of path: String) throws(SyscallError) -> [String] {
    try text(of: path).words
  }

  /// The number behind `key` in a file of lines like `oom_kill 3`.
  static func value(of key: String, in path: String) throws(SyscallError) -> UInt64? {
    for line in try text(of: path).fields("\n") {
      let fields = line.fields(" ")
      if fields.count == 2, fields[0] == key { return UInt64(fields[1]) }
    }
    return nil
  }
}
