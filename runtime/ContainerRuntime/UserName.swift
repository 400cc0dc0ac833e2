internal import LinuxKernel

/// Users of the host. The C library's lookup would load modules, which a static program cannot.
package enum UserName {
  /// The name of `uid`, or its number with a `#` as runc writes it.
  package static func name(of uid: UInt32) -> String {
    // A host without the file, or one that this user may not read: the number will do.
    guard let bytes = try? AtomicFile.read("/etc/passwd", limit: 1 << 20) else { return "#\(uid)" }
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      if fields.count > 2, UInt32(String(decoding: fields[2], as: UTF8.self)) == uid {
        return String(decoding: fields[0], as: UTF8.self)
      }
    }
    return "#\(uid)"
  }
}
