internal import CLinux
internal import Glibc

extension FileDescriptor {
  /// Writes what this regular file holds from here on to `target`; the kernel moves the bytes.
  package func copyRest(to target: borrowing FileDescriptor) throws(SyscallError) {
    let out = target.number
    while try check("sendfile", "", { proa_sendfile(out, number, 1 << 20) }) > 0 {}
  }
}
