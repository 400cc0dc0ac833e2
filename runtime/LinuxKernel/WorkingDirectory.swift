internal import CLinux
internal import Glibc

/// The working directory of this process.
package enum WorkingDirectory {
  package static func change(to path: String) throws(SyscallError) { try check("chdir", path) { chdir(path) } }

  /// Its absolute path. A directory outside the root has one that starts with `(unreachable)`; one that was removed,
  /// none: `ENOENT`.
  package static func path() throws(SyscallError) -> String {
    var buffer = [CChar](repeating: 0, count: 4097)
    let length = try check("getcwd") { proa_syscall_getcwd(&buffer, buffer.count) }
    return String(decoding: buffer[..<Int(max(0, length - 1))].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Makes the working directory the root (`chroot`).
  package static func becomeRoot() throws(SyscallError) {
    try check("chroot", ".") { chroot(".") }
  }
}

extension FileDescriptor {
  /// Makes this directory the root and the working directory of this process.
  package func becomeRoot() throws(SyscallError) {
    try enter()
    try WorkingDirectory.becomeRoot()
  }
}
