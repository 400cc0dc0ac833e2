internal import CLinux
internal import Glibc

extension FileDescriptor {
  /// A counter that others add to, `eventfd(2)`. It does not block.
  package static func event() throws(SyscallError) -> FileDescriptor {
    FileDescriptor(owning: try check("eventfd") { proa_eventfd() })
  }

  /// Reads and forgets what there is in a descriptor that does not block.
  package func drain() throws(SyscallError) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    do throws(SyscallError) {
      while try check("read", "", { Glibc.read(number, &buffer, buffer.count) }) == buffer.count {}
    } catch {
      guard error.errno == .wouldBlock else { throw error }
    }
  }
}
