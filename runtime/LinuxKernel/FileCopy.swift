internal import CLinux
internal import Glibc

extension FileDescriptor {
  /// Writes what this regular file holds from here on to `target`; the kernel moves the bytes.
  package func copyRest(to target: borrowing FileDescriptor) throws(SyscallError) {
    let out = target.number
    while try check("sendfile", "", { proa_sendfile(out, number, 1 << 20) }) > 0 {}
  }

  /// Gives the empty file `target` the content of this regular one, which has `size` bytes: shared where the file system can
  /// (`FICLONE`), otherwise copied, with its holes.
  package func copyContent(to target: borrowing FileDescriptor, size: Int64) throws(SyscallError) {
    guard size > 0 else { return }
    let out = target.number
    do throws(SyscallError) {
      try check("ioctl FICLONE") { proa_clone_content(out, number) }
      return
    } catch {
      guard [.notSupported, .notTerminal, .invalid, .crossDevice].contains(error.errno) else { throw error }
    }
    var position = 0
    while let start = try seek(from: position, PROA_SEEK_DATA), let end = try seek(from: start, PROA_SEEK_HOLE) {
      try check("lseek") { lseek(number, start, SEEK_SET) }
      try check("lseek") { lseek(out, start, SEEK_SET) }
      position = start
      while position < end {
        let count = try check("sendfile") { proa_sendfile(out, number, min(end - position, 1 << 20)) }
        if count == 0 { break }
        position += count
      }
      position = end
    }
    try target.truncate(to: size)
  }

  /// `nil` if there is nothing more.
  private func seek(from position: Int, _ kind: Int32) throws(SyscallError) -> Int? {
    do throws(SyscallError) { return Int(try check("lseek") { lseek(number, position, kind) }) } catch {
      if error.errno == .init(rawValue: ENXIO) { return nil }
      throw error
    }
  }
}
