internal import Glibc
internal import LinuxKernel

/// Keeps the host's file of this program out of reach (CVE-2019-5736): a process that is just entering a container shows the
/// container `/proc/<pid>/exe`, which may be opened for writing if its mount allows it.
package enum SelfProtection {
  private static let mark = "PROA_RUNTIME_PROTECTED"

  /// Goes on from a read-only image of the program. Costs one call where the program is on a read-only mount already.
  package static func apply() throws(RuntimeError) {
    let program = try explaining { () throws(SyscallError) in try FileDescriptor.open("/proc/self/exe") }
    let isSafe = try explaining { () throws(SyscallError) in
      if try program.isOnReadOnlyMount() { return true }
      return program.isSealed
    }
    if isSafe { return }
    guard getenv(mark) == nil else { throw RuntimeError("this program's own file could not be protected") }
    let environment = Execution.environment + ["\(mark)=1"]
    let image = try explaining { () throws(SyscallError) in try readOnlyImage(of: program) }
    throw RuntimeError(Execution.execute(image, CommandLine.arguments, environment: environment))
  }

  /// A read-only mount that is attached nowhere, so that nobody can remount it; where that is not permitted, a sealed copy.
  private static func readOnlyImage(of program: borrowing FileDescriptor) throws(SyscallError) -> FileDescriptor {
    do throws(SyscallError) {
      let mount = try program.cloneMount(recursive: false)
      try mount.setMount(.readOnly)
      return mount
    } catch {
      guard [.notPermitted, .invalid, .notImplemented].contains(error.errno) else { throw error }
    }
    let copy = try FileDescriptor.memoryFile("proa-runtime", sealable: true)
    try copy.writeAll(program.readAll())
    try copy.seal()
    return copy
  }
}
