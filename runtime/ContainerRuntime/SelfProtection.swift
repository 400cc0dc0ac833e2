internal import Glibc
internal import LinuxKernel

/// Keeps the host's file of this program out of reach (CVE-2019-5736): a process that is just entering a container shows the
/// container `/proc/<pid>/exe`, which may be opened for writing if its mount allows it.
package enum SelfProtection {
  private static let mark = "PROA_RUNTIME_PROTECTED"

  /// An image without a path would have Swift look for its crash reporter in the working directory.
  private static let noBacktraces = "SWIFT_BACKTRACE=enable=no,swift-backtrace=/nonexistent"

  /// As ``apply()``, for a program that has done nothing yet, unless that is done already.
  package static func applyEarly() throws(RuntimeError) {
    if getenv(mark) == nil { try apply() }
  }

  /// Goes on from a read-only image of the program. Costs one call where the program is on a read-only mount already.
  package static func apply() throws(RuntimeError) {
    let program = try explaining { () throws(SyscallError) in try FileDescriptor.open("/proc/self/exe") }
    let isSafe = try explaining { () throws(SyscallError) in
      if try program.isOnReadOnlyMount() { return true }
      return program.isSealed
    }
    if isSafe {
      unsetenv(mark)
      unsetenv("SWIFT_BACKTRACE")
      return
    }
    guard getenv(mark) == nil else { throw RuntimeError("this program's own file could not be protected") }
    let environment = CurrentProcess.environment + ["\(mark)=1", Self.noBacktraces]
    let image = try explaining { () throws(SyscallError) in try readOnlyImage(of: program) }
    throw RuntimeError(Execution.execute(image, CurrentProcess.arguments, environment: environment))
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
