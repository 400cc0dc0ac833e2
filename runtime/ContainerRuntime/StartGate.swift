internal import Glibc
internal import LinuxKernel

/// Where the init of a container that is created waits for `start`: a FIFO of the container's folder.
final class StartGate {
  private let fifo: FileDescriptor
  var number: Int32 { fifo.number }

  init(owning fifo: consuming FileDescriptor) { self.fifo = fifo }

  func wait() throws(RuntimeError) {
    var byte = UInt8(0)
    _ = try explaining("waiting for start") { () throws(SyscallError) in
      try check("read") { read(fifo.number, &byte, 1) }
    }
  }
}
