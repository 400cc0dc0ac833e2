internal import LinuxKernel

/// The root of a container's init, as the kernel shows it to the host. A class, since closures hold no descriptors.
final class ContainerRoot {
  let descriptor: FileDescriptor

  /// - Parameters:
  ///   - initProcess: a pidfd.
  ///   - pid: its number.
  init(of initProcess: borrowing FileDescriptor, _ pid: Int32) throws(RuntimeError) {
    descriptor = try explaining("the container's root") { () throws(SyscallError) in
      try FileDescriptor.open("/proc/\(pid)/root", [.pathOnly, .directory])
    }
    // The number was its own as long as it has not ended.
    let hasEnded = try explaining { () throws(SyscallError) in try initProcess.waitReadable(milliseconds: 0) }
    if hasEnded { throw RuntimeError("cannot exec in a stopped container") }
  }
}
