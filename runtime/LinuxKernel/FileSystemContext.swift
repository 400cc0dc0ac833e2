internal import CLinux
internal import Glibc

/// A file system that is being configured before it is mounted, `fsopen(2)`.
package final class FileSystemContext {
  /// Characters that one value may have.
  package static let valueLimit = 255

  private let type: String
  let descriptor: FileDescriptor

  /// - Throws: `ENOSYS` before Linux 5.2, `ENODEV` if there is no such file system.
  package init(_ type: String) throws(SyscallError) {
    self.type = type
    descriptor = FileDescriptor(owning: try check("fsopen", type) { proa_fsopen(type) })
  }

  /// One that another process has opened.
  init(_ type: String, owning descriptor: consuming FileDescriptor) {
    self.type = type
    self.descriptor = descriptor
  }

  /// For changing the file system that is mounted at an open file.
  /// - Throws: `EINVAL` if nothing is mounted there.
  package init(of mount: borrowing FileDescriptor, named name: String) throws(SyscallError) {
    type = name
    let number = mount.number
    descriptor = FileDescriptor(owning: try check("fspick", name) { proa_fspick(number) })
  }

  /// Sets a parameter.
  package func set(_ key: String, _ value: String) throws(SyscallError) {
    try check("fsconfig", "\(type) \(key)=\(value)") { proa_fsconfig_string(descriptor.number, key, value) }
  }

  /// Sets a parameter that has no value.
  package func set(_ flag: String) throws(SyscallError) {
    try check("fsconfig", "\(type) \(flag)") { proa_fsconfig_flag(descriptor.number, flag) }
  }

  /// Makes the file system and a mount of it that is attached nowhere yet.
  package func mount() throws(SyscallError) -> FileDescriptor {
    try create()
    return try mountCreated()
  }

  /// Makes the file system.
  func create() throws(SyscallError) {
    try check("fsconfig", "\(type)\(explanation)") { proa_fsconfig_create(descriptor.number) }
  }

  /// A mount of what was made.
  func mountCreated() throws(SyscallError) -> FileDescriptor {
    FileDescriptor(owning: try check("fsmount", type) { proa_fsmount(descriptor.number) })
  }

  /// Makes the changes.
  package func reconfigure() throws(SyscallError) {
    try check("fsconfig", "\(type)\(explanation)") { proa_fsconfig_reconfigure(descriptor.number) }
  }

  /// What the kernel has to say about the failure.
  private var explanation: String {
    var buffer = [UInt8](repeating: 0, count: 512)
    // There may be nothing to read, which is no failure of its own.
    let count = buffer.withUnsafeMutableBytes { (try? descriptor.read(into: $0)) ?? 0 }
    return count == 0 ? "" : " (\(String(decoding: buffer[..<count].filter { $0 >= 0x20 }, as: UTF8.self)))"
  }
}
