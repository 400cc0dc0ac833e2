internal import LinuxKernel

/// The three descriptors that a command of the runtime is started with, and hands on to a container's process if it makes
/// one. Closed here when released.
final class CommandStreams {
  let stdin: FileDescriptor
  let stdout: FileDescriptor
  let stderr: FileDescriptor

  init(stdin: consuming FileDescriptor, stdout: consuming FileDescriptor, stderr: consuming FileDescriptor) {
    self.stdin = stdin
    self.stdout = stdout
    self.stderr = stderr
  }

  static func null() throws(SyscallError) -> FileDescriptor { try FileDescriptor.open("/dev/null", .readWrite) }
}
