/// The format of a cached filter: `magic, key, checksum of all the rest, program`.
enum SeccompCacheFile {
  /// Changes with the format, and with what this program adds to libseccomp's output.
  static let magic = "proa-seccomp-2"

  static func bytes(of program: [UInt8], for key: [UInt8]) -> [UInt8] {
    Array(magic.utf8) + key + checksum(of: program, for: key) + program
  }

  /// `nil` unless `bytes` are exactly what ``bytes(of:for:)`` gave for this key.
  static func program(in bytes: [UInt8], for key: [UInt8]) -> [UInt8]? {
    let start = magic.utf8.count + key.count + 32
    guard bytes.count > start else { return nil }
    let program = Array(bytes[start...])
    return Array(bytes[..<start]) == Array(magic.utf8) + key + checksum(of: program, for: key) ? program : nil
  }

  /// The length is part of it, so that a cut-off program is no other program.
  private static func checksum(of program: [UInt8], for key: [UInt8]) -> [UInt8] {
    SHA256.digest(of: Array("\(magic) \(program.count)\n".utf8) + key + program)
  }
}
