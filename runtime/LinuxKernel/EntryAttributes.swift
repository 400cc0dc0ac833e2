internal import CLinux
internal import Glibc

/// Reading what the entries of a directory that is held open are. As in ``FileDescriptor/setAttribute(_:to:at:)``, names are
/// null-terminated and no symbolic link is followed.
extension FileDescriptor {
  /// What the symbolic link `name` holds, ending in 0.
  package func symbolicLinkTarget(at name: UnsafePointer<CChar>) throws(SyscallError) -> [CChar] {
    var buffer = [CChar](repeating: 0, count: 4097)
    let count = try check("readlinkat", String(cString: name)) {
      readlinkat(number, name, &buffer, buffer.count - 1)
    }
    return Array(buffer[...count])
  }

  /// The names of the extended attributes of the entry, each ending in 0; none where the file system keeps none.
  package func attributeNames(at name: UnsafePointer<CChar>) throws(SyscallError) -> [[CChar]] {
    let path = pathOfEntry(name)
    var buffer = [CChar](repeating: 0, count: 64 << 10)
    do throws(SyscallError) {
      let count = try check("llistxattr", String(cString: name)) { llistxattr(path, &buffer, buffer.count) }
      return buffer[..<count].split(separator: 0).map { Array($0) + [0] }
    } catch {
      if error.errno == .notSupported { return [] }
      throw error
    }
  }

  /// The value of an extended attribute of the entry.
  package func attribute(
    _ attribute: UnsafePointer<CChar>, at name: UnsafePointer<CChar>
  ) throws(SyscallError) -> [UInt8] {
    let path = pathOfEntry(name)
    var value = [UInt8](repeating: 0, count: 64 << 10)
    let count = try check("lgetxattr", "\(String(cString: attribute)) of \(String(cString: name))") {
      lgetxattr(path, attribute, &value, value.count)
    }
    return Array(value[..<count])
  }

  /// Takes an extended attribute of the entry away.
  package func removeAttribute(
    _ attribute: UnsafePointer<CChar>, at name: UnsafePointer<CChar>
  ) throws(SyscallError) {
    let path = pathOfEntry(name)
    try check("lremovexattr", "\(String(cString: attribute)) of \(String(cString: name))") {
      lremovexattr(path, attribute)
    }
  }

  /// Moves the entry to `target` in `directory`; a file that is there goes.
  package func move(
    _ name: UnsafePointer<CChar>, to target: UnsafePointer<CChar>, in directory: borrowing FileDescriptor
  ) throws(SyscallError) {
    let other = directory.number
    try check("renameat", String(cString: name)) { renameat(number, name, other, target) }
  }

  /// A path to the entry for calls that take no directory: the magic link leads to exactly this one.
  private func pathOfEntry(_ name: UnsafePointer<CChar>) -> [CChar] {
    Array("\(procPath)/".utf8CString.dropLast()) + UnsafeBufferPointer(start: name, count: strlen(name) + 1)
  }
}
