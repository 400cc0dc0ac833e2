internal import LinuxKernel

/// Where a runtime sends the master of the terminal that it made (`--console-socket`). Gone when released.
final class ConsoleSocket {
  /// The path that the runtime is to connect to.
  let address: String
  private let directory: FileDescriptor
  private let listener: FileDescriptor

  /// - Parameter directory: a folder that only the shim and the runtime can enter.
  init(in path: String) throws(SyscallError) {
    directory = try FileDescriptor.open(path, [.readOnly, .directory])
    try Directory.removeTree("\(path)/console.sock")
    listener = try UnixSocket.listen(at: "/proc/self/fd/\(directory.number)/console.sock", backlog: 1)
    // The runtime may be unable to connect to a long path, but can go through this process.
    let direct = "\(path)/console.sock"
    address = direct.utf8.count <= 107 ? direct : "/proc/\(CurrentProcess.pid)/fd/\(directory.number)/console.sock"
  }

  /// The master, which the runtime must have sent by now. Non-blocking.
  /// - Throws: `EAGAIN` if it has not.
  func receive() throws(SyscallError) -> FileDescriptor {
    guard let connection = try listener.acceptConnection() else {
      throw SyscallError("accept4", address, errno: .wouldBlock)
    }
    guard let master = try MessageSocket(owning: connection).receiveDescriptor() else {
      throw SyscallError("recvmsg", address, errno: .wouldBlock)
    }
    // Throws ENOTTY for whatever else was sent.
    _ = try master.terminalSize()
    try master.setNonBlocking()
    return master
  }

  deinit {
    // A socket file that stays is in nobody's way: the next one replaces it, and the bundle goes as a whole.
    try? directory.remove(at: "console.sock")
  }
}
