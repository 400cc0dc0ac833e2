internal import Confinement
internal import OCIRuntimeSpec

/// A container's filter of system calls, compiled before anything is created.
struct SeccompProgram {
  static func prepare(_ seccomp: LinuxSeccomp?, cache: String) throws(RuntimeError) -> SeccompProgram? {
    guard seccomp != nil else { return nil }
    throw RuntimeError(at: "linux.seccomp", "is not supported yet")
  }

  func load() throws(RuntimeError) {}
}
