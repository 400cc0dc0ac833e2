internal import Glibc

// What the processes of ``ForeignProcfs`` tell each other.

extension MessageSocket {
  func send(_ fileSystem: FileSystemContext) throws(SyscallError) {
    try send("proc", with: fileSystem.descriptor)
  }

  /// Says why there is none.
  func send(_ failure: SyscallError) throws(SyscallError) {
    let call = failure.subject.isEmpty ? failure.call : "\(failure.call) \(failure.subject)"
    try send([UInt8(truncatingIfNeeded: failure.errno.rawValue)] + Array(call.utf8.prefix(1000)))
  }

  /// - Throws: why there is none.
  func receiveProcfs(within milliseconds: Int32) throws(SyscallError) -> FileSystemContext {
    let call = "fsopen proc"
    let isThere = try descriptor.waitReadable(milliseconds: milliseconds)
    guard isThere else { throw SyscallError(call, "in the pid namespace", errno: .init(rawValue: ETIME)) }
    var received = try receiveWithDescriptors()
    if let fileSystem = received.first.take() { return FileSystemContext("proc", owning: fileSystem) }
    guard let code = received.bytes.first else {
      // Killed, before it could say anything.
      throw SyscallError(call, "in the pid namespace", errno: .noProcess)
    }
    let text = String(decoding: received.bytes.dropFirst().filter { $0 >= 0x20 }, as: UTF8.self)
    throw SyscallError(text, errno: .init(rawValue: Int32(code)))
  }
}

extension FileSystemContext {
  /// A mount of what others have made.
  /// - Throws: if it is no procfs.
  func mountProcfs() throws(SyscallError) -> FileDescriptor {
    let mount = try mountCreated()
    guard try mount.fileSystemMagic() == FileSystemMagic.proc else {
      throw SyscallError("fsmount", "no procfs came out of the pid namespace", errno: .invalid)
    }
    return mount
  }
}
