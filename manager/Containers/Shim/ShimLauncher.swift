internal import LinuxKernel
internal import ShimProtocol

/// Starts `proa-shim` and waits for its first process, whose exit says that the shim listens.
struct ShimLauncher {
  /// Bytes of what it says on standard error.
  static let messageLimit = 64 << 10

  let executable: String

  /// Blocks: to be called off the cooperative pool.
  /// - Throws: ``ContainerError/failed(_:)`` with what the shim said, or why it could not be started.
  func launch(_ bundle: BundleLayout) throws(ContainerError) {
    let status: ExitStatus
    let message: [UInt8]
    do throws(SyscallError) { (status, message) = try run(bundle) } catch {
      throw .failed("cannot start the shim: \(error)")
    }
    guard status.shellStatus == 0 else {
      let text = String(decoding: message, as: UTF8.self)
      throw .failed("the shim did not start (status \(status.shellStatus)): \(text)")
    }
  }

  private func run(_ bundle: BundleLayout) throws(SyscallError) -> (ExitStatus, [UInt8]) {
    let null = try FileDescriptor.open("/dev/null", [.readWrite])
    var pipe = try Pipe()
    let reader = pipe.takeReadEnd()
    let pid: Int32
    do {
      let writer = pipe.takeWriteEnd()
      pid = try ChildProcess.spawn(
        executable, ["proa-shim", "--bundle", bundle.path], stdin: null, stdout: null, stderr: writer)
    }
    // The shim closes its standard error when it detaches, so that this ends; then its first process ends, too.
    let message = try reader.readAll(limit: Self.messageLimit)
    guard let (_, status) = try Processes.reap(pid) else {
      throw SyscallError("waitpid", "proa-shim", errno: .noProcess)
    }
    return (status, message)
  }
}
