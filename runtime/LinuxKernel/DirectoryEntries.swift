internal import CLinux
internal import Glibc

/// Making and describing the entries of a directory that is held open. Names are null-terminated and need not be UTF-8, have no
/// slash, and no symbolic link is followed.
extension FileDescriptor {
  package func makeDirectory(at name: UnsafePointer<CChar>, mode: UInt32) throws(SyscallError) {
    try check("mkdirat", String(cString: name)) { mkdirat(number, name, mode) }
  }

  /// Makes a new regular file and opens it for writing.
  package func makeFile(at name: UnsafePointer<CChar>, mode: UInt32) throws(SyscallError) -> FileDescriptor {
    let flags = O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC
    return FileDescriptor(
      owning: try check("openat", String(cString: name)) { proa_openat(number, name, flags, mode) })
  }

  package func makeSymbolicLink(
    at name: UnsafePointer<CChar>, to target: UnsafePointer<CChar>
  ) throws(SyscallError) {
    try check("symlinkat", String(cString: name)) { symlinkat(target, number, name) }
  }

  /// Gives the file `target` in `directory` the further name `name` in this one.
  package func makeHardLink(
    at name: UnsafePointer<CChar>, to target: UnsafePointer<CChar>, in directory: borrowing FileDescriptor
  ) throws(SyscallError) {
    let source = directory.number
    try check("linkat", String(cString: name)) { linkat(source, target, number, name, 0) }
  }

  /// What `mknod(2)` makes.
  package enum Node: Equatable, Sendable {
    case fifo
    case characterDevice(major: UInt32, minor: UInt32)
    case blockDevice(major: UInt32, minor: UInt32)
  }

  package func makeNode(_ node: Node, at name: UnsafePointer<CChar>, mode: UInt32) throws(SyscallError) {
    let (type, device): (mode_t, dev_t) =
      switch node {
      case .fifo: (S_IFIFO, 0)
      case .characterDevice(let major, let minor): (S_IFCHR, proa_makedev(major, minor))
      case .blockDevice(let major, let minor): (S_IFBLK, proa_makedev(major, minor))
      }
    try check("mknodat", String(cString: name)) { mknodat(number, name, type | mode, device) }
  }

  package func setOwner(at name: UnsafePointer<CChar>, _ owner: UInt32, _ group: UInt32) throws(SyscallError) {
    try check("fchownat", String(cString: name)) { fchownat(number, name, owner, group, AT_SYMLINK_NOFOLLOW) }
  }

  /// Sets the permission bits of something that is no symbolic link.
  package func setMode(at name: UnsafePointer<CChar>, _ mode: UInt32) throws(SyscallError) {
    try check("fchmodat", String(cString: name)) { fchmodat(number, name, mode, 0) }
  }

  /// Sets the times of the last change and the last access to this many seconds and nanoseconds since 1970.
  package func setTimes(
    at name: UnsafePointer<CChar>, seconds: Int64, nanoseconds: Int64
  ) throws(SyscallError) {
    let time = timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds))
    let times = [time, time]
    try check("utimensat", String(cString: name)) { utimensat(number, name, times, AT_SYMLINK_NOFOLLOW) }
  }

  /// Sets an extended attribute of the entry.
  package func setAttribute(
    _ attribute: UnsafePointer<CChar>, to value: [UInt8], at name: UnsafePointer<CChar>
  ) throws(SyscallError) {
    // There is no lsetxattr relative to a directory before Linux 6.13; the magic link leads to exactly this directory.
    var path = Array("/proc/self/fd/\(number)/".utf8CString.dropLast())
    path.append(contentsOf: UnsafeBufferPointer(start: name, count: strlen(name) + 1))
    try check("lsetxattr", "\(String(cString: attribute)) of \(String(cString: name))") {
      lsetxattr(path, attribute, value, value.count, 0)
    }
  }
}

/// Describing the open file itself.
extension FileDescriptor {
  package func setOwner(_ owner: UInt32, _ group: UInt32) throws(SyscallError) {
    try check("fchown") { fchown(number, owner, group) }
  }

  package func setMode(_ mode: UInt32) throws(SyscallError) { try check("fchmod") { fchmod(number, mode) } }

  package func setTimes(seconds: Int64, nanoseconds: Int64) throws(SyscallError) {
    let time = timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds))
    let times = [time, time]
    try check("futimens") { futimens(number, times) }
  }

  package func setAttribute(
    _ attribute: UnsafePointer<CChar>, to value: [UInt8]
  ) throws(SyscallError) {
    try check("fsetxattr", String(cString: attribute)) { fsetxattr(number, attribute, value, value.count, 0) }
  }

  /// The value of an extended attribute, or `nil` if there is none.
  package func attribute(_ name: UnsafePointer<CChar>) throws(SyscallError) -> [UInt8]? {
    var value = [UInt8](repeating: 0, count: 64 << 10)
    do throws(SyscallError) {
      let count = try check("fgetxattr", String(cString: name)) { fgetxattr(number, name, &value, value.count) }
      return Array(value[..<count])
    } catch {
      if error.errno == .init(rawValue: ENODATA) { return nil }
      throw error
    }
  }

  /// Reads at `position` without moving the file's own; 0 at the end of the file.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int64) throws(SyscallError) -> Int {
    try check("pread") { pread(number, buffer.baseAddress, buffer.count, Int(position)) }
  }
}
