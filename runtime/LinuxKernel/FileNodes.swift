internal import CLinux
internal import Glibc

/// Kinds of file systems by their magic numbers, `statfs(2)`.
package enum FileSystemMagic {
  package static let proc = Int64(0x9fa0)
  package static let devpts = Int64(0x1cd1)
  package static let cgroup2 = Int64(0x6367_7270)
}

extension FileDescriptor {
  /// The magic number of the file system that holds this file.
  package func fileSystemMagic() throws(SyscallError) -> Int64 {
    try check("fstatfs") { proa_file_system_type(number) }
  }

  /// Whether the mount or the file system is read-only.
  package func isOnReadOnlyMount() throws(SyscallError) -> Bool {
    try check("fstatfs") { proa_is_read_only(number) } != 0
  }

  package func makeDirectory(at name: String, mode: UInt32 = 0o755) throws(SyscallError) {
    try check("mkdirat", name) { mkdirat(number, name, mode) }
  }

  package func makeSymbolicLink(at name: String, to target: String) throws(SyscallError) {
    try check("symlinkat", name) { symlinkat(target, number, name) }
  }

  /// - Parameter mode: kind and permission bits.
  package func makeNode(at name: String, mode: UInt32, major: UInt32, minor: UInt32) throws(SyscallError) {
    try check("mknodat", name) { proa_mknodat(number, name, mode, proa_device(major, minor)) }
  }

  package func setOwner(at name: String, user: UInt32, group: UInt32) throws(SyscallError) {
    try check("fchownat", name) { fchownat(number, name, user, group, AT_SYMLINK_NOFOLLOW) }
  }

  package func setOwner(user: UInt32, group: UInt32) throws(SyscallError) {
    try check("fchown") { fchown(number, user, group) }
  }

  package func setMode(at name: String, _ mode: UInt32) throws(SyscallError) {
    try check("fchmodat", name) { fchmodat(number, name, mode, 0) }
  }

  package func remove(at name: String) throws(SyscallError) {
    try check("unlinkat", name) { unlinkat(number, name, 0) }
  }

  /// The text of the symbolic link `name`.
  package func symbolicLink(at name: String) throws(SyscallError) -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = try check("readlinkat", name) { readlinkat(number, name, &buffer, buffer.count) }
    return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Makes this directory the working directory.
  package func enter() throws(SyscallError) { try check("fchdir") { fchdir(number) } }

  /// Makes this open file the descriptor `number` of the process, inherited through exec.
  package func install(as number: Int32) throws(SyscallError) {
    try check("dup2", "\(number)") { dup2(self.number, number) }
  }
}

extension FileStatus {
  /// Numbers of the device that a device node stands for.
  package var deviceNumbers: (major: UInt32, minor: UInt32) {
    (proa_major(dev_t(represents)), proa_minor(dev_t(represents)))
  }
}
