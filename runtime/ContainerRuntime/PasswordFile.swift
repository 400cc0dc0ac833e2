internal import Glibc
internal import LinuxKernel

/// The container's `/etc/passwd`: as hostile as everything in an image.
enum PasswordFile {
  /// The home directory of `uid`; `/` if there is no such user, or no file that can be read.
  static func home(of uid: UInt32, path: String = "/etc/passwd") -> String {
    // Without blocking: a FIFO in its place must not stop the container. Unreadable counts as missing, as runc has it.
    guard let file = try? FileDescriptor.open(path, [.readOnly, .nonBlocking]),
      (try? file.status().kind) == .regular, let bytes = try? file.readAll(limit: 1 << 20)
    else { return "/" }
    return home(of: uid, in: bytes) ?? "/"
  }

  static func home(of uid: UInt32, in bytes: [UInt8]) -> String? {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      guard fields.count >= 6, UInt32(String(decoding: fields[2], as: UTF8.self)) == uid, !fields[5].isEmpty else {
        continue
      }
      return String(decoding: fields[5], as: UTF8.self)
    }
    return nil
  }
}
